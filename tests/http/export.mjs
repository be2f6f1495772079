// SPDX-License-Identifier: ISC
// export.mjs: the register over the network: only for the admin, complete or an error, and never in the way of a check-in.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { ask, build, check, makeClub, makeFolder, makeRun, register, run, start, turnout } from './lib.mjs';

const history = '/api/attendance/history', exported = '/api/attendance/export';
const bearer = (secret) => ({ Authorization: `Bearer ${secret}` });
const json = (answer) => JSON.parse(Buffer.from(answer.body, 'latin1').toString());
const isThere = (pid) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** Wait until `holds`, 10 s at most; whether it did. */
async function until(holds) {
	for (const end = Date.now() + 10000; Date.now() < end; await new Promise((done) => setTimeout(done, 20)))
		if (holds())
			return true;
	return holds();
}

async function checkFiles(port, db, folder, secret) {
	const get = (path) => ask(port, 'GET', path, bearer(secret));
	const csv = await get(`${exported}?from=2026-01-01&group=Hills`);
	check('the export as CSV is what turnout export writes, to the byte', csv.status === 200
		&& Buffer.from(csv.body, 'latin1').equals(Buffer.from(turnout('export', '--db', db, '--from', '2026-01-01', '--group', 'Hills'))), csv.text.slice(0, 900));
	check('it is a file of a name that says what is in it, and kept by no cache', csv.headers['content-disposition']?.[0]
		=== 'attachment; filename="test-club-register-hills-2026-01-01.csv"' && csv.headers['cache-control'][0] === 'no-store'
		&& Number(csv.headers['content-length'][0]) === csv.body.length, csv.headers);
	for (const [format, type, begin] of [['excel', 'text/csv; charset=utf-8', '\xEF\xBB\xBFdate,'], ['json', 'application/json; charset=utf-8', '[\n{'],
		['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'PK'], ['pdf', 'application/pdf', '%PDF-']]) {
		const answer = await get(`${exported}?format=${format}`);
		check(`${format} is sent as ${type}`, answer.status === 200 && answer.headers['content-type'][0] === type && answer.body.startsWith(begin)
			&& answer.headers['content-disposition'][0].endsWith(`.${format === 'excel' ? 'csv' : format}"`), answer.text.slice(0, 300));
		writeFileSync(join(folder, `got.${format}`), Buffer.from(answer.body, 'latin1'));
	}
	const rows = JSON.parse(readFileSync(join(folder, 'got.json')));
	const sheet = execFileSync('/usr/bin/python3', ['-c', 'import openpyxl,sys; print(openpyxl.load_workbook(sys.argv[1]).active.max_row)', join(folder, 'got.xlsx')]);
	check('openpyxl reads as many rows as the JSON has', Number(sheet) === rows.length + 1 && rows.length > 200, [String(sheet), rows.length]);
	check('qpdf finds nothing wrong', spawnSync('qpdf', ['--check', join(folder, 'got.pdf')]).status === 0);
	const events = json(await get(`${exported}?kind=events&format=json&columns=person,event`));
	check('the event log too, with the columns that were asked for', events.length >= rows.length && Object.keys(events[0]).join() === 'person,event', events[0]);

	const first = json(await get(`${history}?per_page=100`)), pages = [first];
	for (let page = 2; page <= first.pages; page++)
		pages.push(json(await get(`${history}?per_page=100&page=${page}`)));
	check('the pages of the history together are the register', first.page === 1 && first.per_page === 100 && first.total === rows.length
		&& first.pages === Math.ceil(rows.length / 100) && JSON.stringify(pages.flatMap((page) => page.rows)) === JSON.stringify(rows), [first.total, first.pages]);
	const behind = json(await get(`${history}?page=${first.pages + 1}`));
	check('behind the last page there is nothing, with the same total', behind.rows.length === 0 && behind.total === rows.length, behind);
	const one = json(await get(`${history}?person=Ad%C3%A9l%20%3D1&from=2026-02-01&to=2026-02-28`));
	check('a name of any letters is found, and the days bound it', one.total > 0 && one.rows.every(({ person, date }) => person === 'Adél =1' && date.startsWith('2026-02')), one);
	const none = json(await get(`${history}?from=2031-01-01`));
	check('where there is nothing, there are no pages', none.total === 0 && none.pages === 0 && none.rows.length === 0, none);
}

async function checkRefusals(port, secret) {
	for (const [what, headers] of [['nothing', {}], ['another secret', bearer(`${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`)], ['a part of it', bearer(secret.slice(0, -1))], ['more than it', bearer(`${secret}0`)],
		['an empty one', bearer('')], ['a password', { Authorization: `Basic ${Buffer.from(`admin:${secret}`).toString('base64')}` }]])
		for (const path of [history, `${exported}?format=shoe`]) {
			const answer = await ask(port, 'GET', path, headers);
			check(`who brings ${what} to ${path} gets 401, and is told how`, answer.status === 401 && answer.headers['www-authenticate']?.[0] === 'Bearer realm="turnout"'
				&& json(answer).code === 'unauthorized', answer.text);
		}
	check('the scheme is read in any case', (await ask(port, 'GET', history, { Authorization: `bearer ${secret}` })).status === 200);
	for (const [query, status, words] of [['format=shoe', 400, 'must be csv, excel, json, xlsx or pdf'], ['kind=link', 400, 'must be register or events'], ['from=2026-02-30', 400, '2026-02-30'],
		['columns=shoe', 400, 'shoe'], ['paper=a5', 400, 'a5'], ['from=2026-01-01&from=2026-01-02', 400, 'twice'], ['page=2', 400, 'not known'], ['secret=x', 400, 'not known'],
		['group=%', 400, 'cannot be read'], ['group', 400, 'cannot be read'], ['group=%FF', 400, 'is not text'], ['group=a%00b', 400, 'is not text'], [`group=${'x'.repeat(600)}`, 400, 'too long'],
		['group=Nix', 404, 'Nix'], ['person=%E2%9C%93', 404, '✓'], [`x=${'y'.repeat(5000)}`, 400, 'cannot be read']]) {
		const answer = await ask(port, 'GET', `${exported}?${query}`, bearer(secret));
		check(`?${query.slice(0, 40)} is refused with ${status}, and a sentence that says why`, answer.status === status && json(answer).message.includes(words)
			&& answer.headers['content-disposition'] === undefined, answer.text);
	}
	for (const query of ['page=0', 'page=x', 'per_page=1001', 'format=csv'])
		check(`a history of ${query} is refused`, (await ask(port, 'GET', `${history}?${query}`, bearer(secret))).status === 400);
	for (const method of ['POST', 'HEAD'])
		check(`${method} is not taken`, (await ask(port, method, exported, { 'Content-Length': 0, ...bearer(secret) })).headers.allow?.[0] === 'GET');
}

/** A turnoutd whose `turnout` is a script of ours. */
async function startBeside(folder, db, script) {
	mkdirSync(folder);
	copyFileSync(join(build, 'turnoutd'), join(folder, 'turnoutd'));
	writeFileSync(join(folder, 'turnout'), `#!/bin/sh\n${script}`);
	for (const name of ['turnoutd', 'turnout'])
		chmodSync(join(folder, name), 0o755);
	return start(db, join(folder, 'site'), { program: join(folder, 'turnoutd') });
}

async function checkProcesses(db, folder, secret, token) {
	const place = join(folder, 'beside'), pids = join(place, 'pids');
	const server = await startBeside(place, db, `printf 'date,person\\r\\n'\necho $$ >> '${pids}'\nexec sleep 600\n`);
	const { port } = server, files = readdirSync(`/proc/${server.child.pid}/fd`).length;
	const running = () => existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [];
	const head = `GET ${exported} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${secret}\r\n\r\n`;
	/* From another address, of a number that one of the others has as well: its leaving is nobody else's. */
	const namesake = net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }, () => namesake.write('G'));
	await new Promise((done) => namesake.once('connect', done));
	await until(() => readdirSync(`/proc/${server.child.pid}/fd`).length > files);
	const ones = [[head.slice(0, 20)], [head, namesake.localPort]].map(([begin, localPort]) => {
		const one = { text: '', socket: net.connect({ port, host: '127.0.0.1', localPort }, () => one.socket.write(begin)) };
		one.closed = new Promise((done) => one.socket.on('error', () => {}).on('close', done));
		one.socket.on('data', (data) => { one.text += data; });
		return one;
	});

	await until(() => running().length === 1);
	ones[0].socket.write(head.slice(20));		// it has waited, and another was let in meanwhile: its leaving must still be seen
	check('two exports run', await until(() => running().length === 2 && running().every(isThere)), running());
	const third = await ask(port, 'GET', exported, bearer(secret));
	check('a third is told to come again', third.status === 503 && third.headers['retry-after']?.length === 1 && json(third).code === 'slow_down', third.text);
	const taken = await register(port, { token, runner_name: 'Meanwhile' });
	check('a check-in is taken meanwhile, at once', taken.status === 201 && taken.ms < 2000, taken.ms);
	check('of an export that is not whole nothing was sent', ones.every(({ text }) => text === ''), ones[0].text);
	namesake.destroy();
	ones[0].socket.destroy();
	check('when a client leaves, its export ends', await until(() => running().filter(isThere).length === 1), running());
	check('and there is room for another', await until(() => server.log.includes('event=export_ended message="The client left."')), server.log.slice(-300));
	const again = net.connect(port, '127.0.0.1', () => again.write(head)).on('error', () => {});
	check('which runs', await until(() => running().length === 3 && running().filter(isThere).length === 2), running());
	const { code } = await server.stop();
	await ones[1].closed;
	check('when turnoutd stops, it ends those that run, and says so', code === 0 && running().every((pid) => !isThere(pid)) && ones[1].text.startsWith('HTTP/1.1 503'), [code, ones[1].text]);
	again.destroy();

	const deaf = join(folder, 'deaf');
	writeFileSync(deaf, `#!/bin/sh\nexec env --ignore-signal=CHLD '${join(build, 'turnoutd')}' "$@"\n`);
	chmodSync(deaf, 0o755);
	const orphan = await start(db, join(folder, 'site'), { program: deaf });
	const late = new Promise((done) => setTimeout(done, 20000, { status: 'none within 20 s' }));
	const whole = await Promise.race([ask(orphan.port, 'GET', exported, bearer(secret)), late]);
	check('started by a program that ignores the end of its children, turnoutd notices that of its own', whole.status === 200, whole.status);
	check('and ends as ever', (await orphan.stop()).code === 0);

	const broken = await startBeside(join(folder, 'broken'), db, 'printf "date,person\\r\\n2026-01-01,Ada\\r\\n"\necho "turnout: the paper is out. What was printed is not whole." >&2\nexit 1\n');
	const answer = await ask(broken.port, 'GET', exported, bearer(secret));
	check('an export that fails after some lines is an error, and not one of them is sent', answer.status === 500 && json(answer).code === 'server' && !answer.text.includes('Ada'), answer.text);
	check('the log has the reason', broken.log.includes('turnout export ended with 1: The paper is out.'), broken.log.slice(-300));
	await broken.stop();
	const none = await startBeside(join(folder, 'none'), db, '');
	execFileSync('rm', [join(folder, 'none', 'turnout')]);
	check('without the program it is an error too', (await ask(none.port, 'GET', exported, bearer(secret))).status === 500);
	await none.stop();
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token } = makeRun(db, 'Open Group', -5, 60);
	const rows = ['who,group,day,at'];
	for (let i = 0; i < 300; i++)
		rows.push(`${i % 10 === 0 ? 'Adél =1' : `Runner ${i % 50}`},${i % 3 ? 'Hills' : 'Flats'},2026-0${1 + i % 9}-${String(1 + Math.floor(i / 12)).padStart(2, '0')},18:30`);
	writeFileSync(join(folder, 'past.csv'), `${rows.join('\n')}\n`);
	turnout('import', 'attendance', join(folder, 'past.csv'), '--db', db, '--person', 'who', '--group', 'group', '--date', 'day', '--start', 'at');
	const { secret } = JSON.parse(turnout('export', 'link', '--db', db, '--json'));
	const server = await start(db, site), { port } = server;

	await checkFiles(port, db, folder, secret);
	await checkRefusals(port, secret);

	turnout('publish', '--db', db, '--site', site);
	const page = readFileSync(join(site, 'private/exports', readdirSync(join(site, 'private/exports'))[0], 'index.html'), 'utf8');
	check('the history of exports has each file that was taken over the network, and no page that was looked at', (page.match(/<bdi>api<\/bdi>/g) ?? []).length === 6, page);
	check('the log has neither names nor the secret nor what was asked', !/Hills|Adél|Runner|2026-01-01|from=/.test(server.log) && !server.log.includes(secret) && server.log.includes(`path=${exported} status=200`));
	const fresh = JSON.parse(turnout('export', 'link', '--db', db, '--revoke', '--yes', '--json')).secret;
	check('a secret that was renewed is void at once', fresh !== secret && (await ask(port, 'GET', history, bearer(secret))).status === 401);
	check('and the new one holds', (await ask(port, 'GET', history, bearer(fresh))).status === 200);
	let limited = 0, guesses = 0;
	await Promise.all(Array.from({ length: 32 }, async () => {
		while (guesses++ < 10000 && limited === 0)		// 2,000 at once, then 50 a second
			limited += (await ask(port, 'GET', history, { ...bearer('0'.repeat(26)), 'X-Real-IP': '198.51.100.9' })).status === 429;
	}));
	check('who guesses secrets is limited', limited > 0, limited);
	check('and the admin from elsewhere is not', (await ask(port, 'GET', history, { ...bearer(fresh), 'X-Real-IP': '198.51.100.10' })).status === 200);
	await server.stop();
	await checkProcesses(db, folder, fresh, token);
});
