// SPDX-License-Identifier: ISC
// slow.mjs: clients that ask for a page and read it very slowly: no thread waits for them, and where it is a large one and there are more of
// them than threads, check-ins and counts are answered all the same. To be run alone: its crowds take all threads and the machine.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, skip } from '../checks.mjs';
import { ask, build, check, makeClub, makeFolder, makeRun, register, run, start, turnout } from './lib.mjs';

/* Node.js has no say in what its kernel takes for it; small segments, as a network has them, keep the server's from taking megabytes. */
const reader = `
import resource, select, socket, sys
port, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
sockets = []
for i in range(count):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    one.connect(('127.0.0.1', port))
    one.sendall(b'GET ' + path.encode() + b' HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n')
    one.setblocking(False)
    sockets.append(one)
print('asked', flush=True)
while not select.select([sys.stdin], [], [], 0.5)[0]:
    for one in sockets:
        try:
            one.recv(500)
        except OSError:
            pass
`;

/** `count` clients that ask for `path` and read 1,000 bytes a second; a function that ends them. */
async function crowd(port, count, path) {
	const child = spawn('/usr/bin/python3', ['-c', reader, port, count, path], { stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = new Promise((done) => child.on('exit', done));
	atEnd(() => child.kill());
	const said = await Promise.race([new Promise((done) => child.stdout.once('data', done)), ended.then(() => 'ended')]);
	check(`${count} clients ask for ${path} and read slowly`, String(said).startsWith('asked'), String(said));
	return () => {
		child.stdin.end();
		return ended;
	};
}

await run(async () => {
	if (build.endsWith('-tsan'))
		return skip('clients that read slowly', 'under ThreadSanitizer a thousand large pages, asked for and abandoned, take a minute');
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token, session_id } = makeRun(db, 'Open Group', -5, 600);
	turnout('publish', '--db', db, '--site', site, '--quiet');
	writeFileSync(join(site, 'public/calendar.ics'), 'x'.repeat(150_000));	// as of a club with a full year
	writeFileSync(join(site, 'public/index.html'), 'x'.repeat(900_000));	// more than the kernel takes
	const server = await start(db, site), { port } = server;
	let number = 0;
	const soon = (answer) => Promise.race([answer, new Promise((done) => setTimeout(done, 10000, { status: 0, ms: 10000, text: 'no answer in 10 s', headers: {} }))]);
	const attend = () => register(port, { token, runner_name: `Runner ${++number}` });
	const page = () => soon(ask(port, 'GET', '/404.html'));
	check('before that, a page is there', (await page()).status === 200);

	const files = () => readdirSync(`/proc/${server.child.pid}/fd`).length, few = files() + 50;
	let end = await crowd(port, 400, '/calendar.ics');
	for (const limit = Date.now() + 20000; Date.now() < limit && files() > few;)
		await new Promise((done) => setTimeout(done, 50));
	check('none of 150 kB, which they read for minutes, keeps a connection here, or a thread', files() <= few, [files(), few]);
	await end();

	end = await crowd(port, 1400, '/');
	const times = [];
	for (let i = 0; i < 5; i++)
		for (const [status, answer] of [[201, await soon(attend())], [200, await soon(ask(port, 'GET', `/live/${session_id}.json`))]])
			times.push(answer.status === status ? answer.ms : answer.text);
	check('with as many inside as there is room for, check-ins and counts are answered', Math.max(...times) < 4000, times);
	let answer = await page();
	check('and who wants a page is told to come again', answer.status === 503 && answer.headers['retry-after']?.[0] === '2' && answer.ms < 4000 &&
		answer.headers['x-content-type-options']?.[0] === 'nosniff', answer.text.slice(0, 300));
	await end();
	for (const limit = Date.now() + 60000; Date.now() < limit && answer.status !== 200;)	// 1,400 MB to read on a busy machine
		answer = await page();
	check('when they are gone, pages are there again', answer.status === 200, answer.text.slice(0, 300));
	check('the server ends with 0', (await server.stop()).code === 0);
});
