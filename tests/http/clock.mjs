// SPDX-License-Identifier: ISC
// clock.mjs: the server's clock jumps forwards and back: a screen's code neither lives for ever nor dies early, what was entered stays, and
// the server goes on. libfaketime moves the clock of the running server.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, codeOf, skip } from '../checks.mjs';
import { ask, build, check, makeClub, makeFolder, makeRun, register, run, turnout } from './lib.mjs';

const library = readdirSync('/usr/lib').map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`).find(existsSync);	// package faketime

await run(async () => {
	if (!library || /-(san|tsan)$/.test(build))
		return skip('jumps of the clock', library ? 'libfaketime and sanitizers do not go together' : 'libfaketime is missing');
	const folder = makeFolder(), db = makeClub(folder), offset = join(folder, 'offset');
	const { token, date } = makeRun(db, 'Open Group', -5, 60);
	const jump = (seconds) => writeFileSync(offset, `${seconds < 0 ? '' : '+'}${seconds}\n`);
	jump(0);
	const child = spawn(join(build, 'turnoutd'), ['--db', db, '--site', join(folder, 'site'), '--listen', '127.0.0.1:0', '--no-watch'], {
		stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: offset, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
	const ended = new Promise((done) => child.on('exit', done));
	atEnd(() => child.kill('SIGKILL'));
	const port = Number(String(await new Promise((done) => child.stdout.once('data', done))).trim().split(':').at(-1));
	const scan = (code) => ask(port, 'POST', '/api/v1/scans', { 'Content-Type': 'application/json' }, JSON.stringify({ token: code }));
	const clock = async () => Math.round((Date.parse((await ask(port, 'GET', '/health/live')).headers.date[0]) - Date.now()) / 1000);
	const attend = (name, fields = {}) => register(port, { token, runner_name: name, nonce: name.replace(' ', '-'), ...fields });

	const shown = codeOf(db, 'Open Group', date).screen_token;
	let answer = await scan(shown);
	check('a code that is shown is taken', answer.status === 200, answer.text);
	const { receipt } = JSON.parse(answer.body);
	const first = await attend('First');
	check('and so is a check-in', first.status === 201, first.text);

	jump(120);
	check('the clock of the server jumps two minutes forward', Math.abs(await clock() - 120) <= 2, await clock());
	answer = await scan(shown);
	check('the code is over then', answer.status === 410 && JSON.parse(answer.body).code === 'code_expired', answer.text);
	check('but a receipt of before, good for 15 minutes, is still one', (await attend('Second', { token: undefined, receipt })).status === 201);
	jump(1200);
	answer = await attend('Third', { token: undefined, receipt });
	check('and after 20 minutes is none', answer.status >= 400 && answer.status < 500 && !answer.json.success, answer.text);

	jump(-1200);
	check('the clock jumps 20 minutes back', Math.abs(await clock() + 1200) <= 2, await clock());
	answer = await scan(shown);
	check('a code from what is now the future is not good for ever: it is refused', answer.status >= 400 && answer.status < 500, answer.text);
	check('a check-in by the printed code goes on', (await attend('Fourth')).status === 201);
	answer = await attend('First');
	check('and the same one sent again is known, in the place it had', answer.json.success && answer.json.place === first.json.place, answer.text);

	jump(0);
	answer = await scan(codeOf(db, 'Open Group', date).screen_token);
	check('with the right time the code that is shown is taken again', answer.status === 200, answer.text);
	check('the server is alive and ends as ever', (await ask(port, 'GET', '/health/live')).status === 200 && (child.kill('SIGTERM'), await ended) === 0);
	check('who was told to be in is in', JSON.parse(turnout('status', '--db', db, '--json')).present === 3, turnout('status', '--db', db, '--json'));
});
