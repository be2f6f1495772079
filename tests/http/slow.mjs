// SPDX-License-Identifier: ISC
// slow.mjs: clients that ask for a page and do not read it: nobody waits for them, and when there are more than can be waited for, check-ins
// and counts are answered all the same. To be run alone: times of a second are promised and measured.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from '../checks.mjs';
import { ask, check, makeClub, makeFolder, makeRun, register, run, start, turnout } from './lib.mjs';

/* Node.js has no say in what its kernel takes for it; small segments, as a network has them, keep the server's from taking megabytes. */
const reader = `
import resource, socket, sys
port, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
sockets = []
for i in range(count):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    one.connect(('127.0.0.1', port))
    one.sendall(b'GET ' + path.encode() + b' HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
    sockets.append(one)
print('asked', flush=True)
sys.stdin.read()
`;

/** `count` clients that ask for `path`; a function that ends them. */
async function crowd(port, count, path) {
	const child = spawn('/usr/bin/python3', ['-c', reader, port, count, path], { stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = new Promise((done) => child.on('exit', done));
	atEnd(() => child.kill());
	const said = await Promise.race([new Promise((done) => child.stdout.once('data', done)), ended.then(() => 'ended')]);
	check(`${count} clients ask for ${path} and do not read`, String(said).startsWith('asked'), String(said));
	return () => {
		child.stdin.end();
		return ended;
	};
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token, session_id } = makeRun(db, 'Open Group', -5, 600);
	turnout('publish', '--db', db, '--site', site, '--quiet');
	writeFileSync(join(site, 'public/calendar.ics'), 'x'.repeat(150_000));	// as of a club with a full year
	writeFileSync(join(site, 'public/index.html'), 'x'.repeat(900_000));	// more than the kernel takes
	const server = await start(db, site), { port } = server;
	let number = 0;
	const attend = () => register(port, { token, runner_name: `Runner ${++number}` });
	const page = () => ask(port, 'GET', '/404.html');
	check('before that, a page is there', (await page()).status === 200);

	let end = await crowd(port, 400, '/calendar.ics');
	let answer = await page();
	check('pages are answered at once: no thread waits for who does not read one of 150 kB', answer.status === 200 && answer.ms < 1000, [answer.status, answer.ms]);
	await end();

	end = await crowd(port, 1400, '/');
	const poll = () => ask(port, 'GET', `/live/${session_id}.json`);
	for (let i = 0; i < 5; i++) {
		const [taken, count] = [await attend(), await poll()];
		if (taken.status !== 201 || count.status !== 200 || taken.ms > 1000 || count.ms > 1000)
			answer = null;
	}
	check('with as many inside as there is room for, check-ins and counts are answered at once', answer !== null);
	answer = await page();
	check('and who wants a page is told to come again', answer.status === 503 && answer.headers['retry-after']?.[0] === '2' && answer.ms < 1000 &&
		answer.headers['x-content-type-options']?.[0] === 'nosniff', answer.text.slice(0, 300));
	await end();
	for (const limit = Date.now() + 5000; Date.now() < limit && answer.status !== 200;)
		answer = await page();
	check('when they are gone, pages are there again', answer.status === 200, answer.text.slice(0, 300));
	check('the server ends with 0', (await server.stop()).code === 0);
});
