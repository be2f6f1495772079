// SPDX-License-Identifier: ISC
// scarce.mjs: a full disk, a read-only disk, no more files, a publisher that hangs, a log that nobody reads, of either program: a check-in works or is told that it
// cannot, nothing false is said, and when things get better the same server goes on.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { atEnd, root, skip } from '../checks.mjs';
import { ask, build, check, makeClub, makeFolder, makeRun, register, run, start, turnout } from './lib.mjs';

const present = (db) => JSON.parse(turnout('status', '--db', db, '--json')).present;
const later = (ms) => new Promise((done) => setTimeout(done, ms));

/** Wait until `holds()`; false when it does not within 30 s, which is long on a busy machine. */
async function until(holds) {
	for (const end = Date.now() + 30000; Date.now() < end; await later(20))
		if (holds())
			return true;
	return false;
}

/** A file system of `size` mounted below `folder`; null where this is not allowed. */
function mount(folder, size) {
	const path = join(folder, `disk-${size}`);
	mkdirSync(path);
	if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]).status !== 0)
		return null;
	atEnd(() => spawnSync('umount', ['-l', path]));
	return path;
}

/** CPU time of process `pid` so far, ms (clock ticks are of 10 ms on Linux). */
function cpu(pid) {
	const words = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
	return (Number(words[11]) + Number(words[12])) * 10;
}

/** Stop process `pid` where it has no transaction open, which is a lock of POSIX. */
function stopUnlocked(pid) {
	const hasLock = () => readFileSync('/proc/locks', 'utf8').split('\n').some((line) => line.includes('POSIX') && line.split(/\s+/).includes(String(pid)));
	const isStopped = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0] === 'T';
	return until(() => {
		process.kill(pid, 'SIGSTOP');
		while (!isStopped())
			;
		if (!hasLock())
			return true;
		process.kill(pid, 'SIGCONT');
		return false;
	});
}

async function fullDisk(folder) {
	const disk = mount(folder, '2m');
	if (disk === null)
		return skip('a full disk and a disk that may not be written', 'mounting a file system is not allowed here');
	const db = makeClub(disk), { token } = makeRun(db, 'Full', -5, 60), server = await start(db, join(disk, 'site'));
	const attend = (name) => register(server.port, { token, runner_name: name, nonce: name.replace(' ', '-') });
	check('before the disk is full a check-in is taken', (await attend('First')).status === 201 && await until(() => present(db) === 1));	// and committed
	spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=1k'], { stdio: 'ignore' });
	const secured = [];		// by the redo log, which keeps the room it has
	let refused;
	while (secured.length < 100 && (refused = await attend(`Full ${secured.length}`)).status === 201)
		secured.push(refused.json.runner_name);
	check('on a full disk, who is not in is told so with 507 storage_full', refused.status === 507 && refused.json.code === 'storage_full', refused.text);
	check('some were in while the redo log had room', secured.length > 0 && secured.length < 100, secured.length);
	check('who came before is in the database, those are not yet', present(db) === 1, present(db));
	execFileSync('rm', [join(disk, 'filler')]);
	check('with room again, the same server takes the other one', (await attend(`Full ${secured.length}`)).status === 201);
	check('and then they are', present(db) === 1 + secured.length + 1, [present(db), secured.length]);

	await server.stop();
	spawnSync('mount', ['-o', 'remount,ro', disk]);
	const refusing = await start(db, join(disk, 'site')), answer = await register(refusing.port, { token, runner_name: 'Third' });
	check('on a read-only disk a check-in is answered with 503 read_only', answer.status === 503 && answer.json.code === 'read_only', answer.text);
	check('and other addresses go on', (await ask(refusing.port, 'GET', '/health/live')).status === 200);
	await refusing.stop();
	spawnSync('mount', ['-o', 'remount,rw', disk]);
	check('nobody is in who was not told so', present(db) === 1 + secured.length + 1, present(db));
	const again = await start(db, join(disk, 'site'));
	check('started again where it may write, it takes the check-in', (await register(again.port, { token, runner_name: 'Third' })).status === 201);
	await again.stop();
}

async function noFiles(folder) {
	const db = makeClub(makeFolder()), { token } = makeRun(db, 'Files', -5, 60), server = await start(db, join(folder, 'site'));
	const { pid } = server.child;
	check('before files run out a check-in is taken', (await register(server.port, { token, runner_name: 'First' })).status === 201);
	const few = (count) => spawnSync('prlimit', [`--nofile=${count}:${count}`, join(build, 'turnoutd'), '--db', makeClub(makeFolder()), '--listen', '127.0.0.1:0', '--no-watch'],
		{ encoding: 'utf8', timeout: 5000 });
	const files = Number(/limit of (\d+) open files/.exec(few(100).stderr)?.[1]);
	check('with too few files allowed it does not start, and says how many it wants', files > 500, files);
	check('which is as many as the manual says', readFileSync(join(root, 'endpoint/turnoutd.1'), 'utf8').includes(`needs ${files.toLocaleString('en')} open files`), files);
	const least = few(files - 1);
	check('one less is too few', least.status === 1 && least.stderr.includes(`limit of ${files} open files`), [least.status, least.stderr]);
	execFileSync('prlimit', [`--nofile=${files}:`, '--pid', String(pid)]);
	let closed = 0;
	const waiting = Array.from({ length: 2 * files }, () => net.connect(server.port, '127.0.0.1').resume().on('error', () => {}).on('close', () => { closed++; })
		.on('connect', function send() { this.write('GET / HTTP/1.1\r\nHost: a'); }));
	const held = () => readdirSync(`/proc/${pid}/fd`).length;
	let most = 0;		// where connecting takes long, the first have been cut off when the last are there
	check('of twice as many connections as files, as many as may wait do, and the others are turned away', await until(() => {
		most = Math.max(most, held());
		return held() + closed >= 2 * files;
	}) && most > 1024, [most, held(), closed]);
	const shares = [];		// what it does about the last of them may reach into the first
	do {
		const before = cpu(pid), began = Date.now();
		await later(1500);		// the time over which its CPU time is measured
		shares.push((cpu(pid) - before) / (Date.now() - began));
	} while (shares.at(-1) >= 0.05 && shares.length < 4);
	check('then it does not spin: less than 5 % of a core', shares.at(-1) < 0.05, shares);
	check('and still has files left', held() < files, held());
	for (const socket of waiting)
		socket.destroy();
	const freed = Date.now(), answer = await register(server.port, { token, runner_name: 'Second' }).catch(() => null);
	check('when they end the next check-in is taken within two seconds', answer?.status === 201 && Date.now() - freed < 2000, [answer?.text, Date.now() - freed]);
	await server.stop();
	check('and who is in was told so', present(db) === 2, present(db));
}

async function hungPublisher(folder) {
	const db = makeClub(makeFolder()), { token } = makeRun(db, 'Hung', -5, 60), site = join(folder, 'hung');
	const child = spawn(join(build, 'turnoutd'), ['--db', db, '--site', site, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
	const ended = new Promise((done) => child.on('exit', done));
	atEnd(() => child.kill('SIGKILL'));
	const port = Number(String(await new Promise((done) => child.stdout.once('data', done))).trim().split(':').at(-1));
	await until(() => existsSync(join(site, 'public', 'index.html')));
	const tasks = `/proc/${child.pid}/task`;
	const watch = Number(readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'children'), 'utf8')).join('').trim());
	check('the publisher is stopped, with no file locked', await stopUnlocked(watch));
	const times = [];
	let taken = 0;
	for (let i = 0; i < 50; i++) {
		const began = Date.now();
		taken += (await register(port, { token, runner_name: `Runner ${i}` })).status === 201;
		times.push(Date.now() - began);
	}
	times.sort((a, b) => a - b);
	check('with the publisher stopped, check-ins go on, in 250 ms each', taken === 50 && times.at(-2) < 250, [taken, times.at(-1)]);
	check('and its pages are still served', (await ask(port, 'GET', '/')).status === 200);
	process.kill(watch, 'SIGCONT');
	child.kill('SIGTERM');
	check('it ends as ever', (await ended) === 0);
	check('and all are in', present(db) === 50, present(db));
}

/** Nobody reads the log any more: a pipe holds 64 KiB, and what is written beyond that would wait for ever. */
async function hungLog(folder) {
	const db = makeClub(makeFolder()), { token } = makeRun(db, 'Log', -5, 60), server = await start(db, join(folder, 'site'));
	const { child, port } = server, asked = 1500;		// lines of 100 bytes
	child.stderr.pause();
	const answered = Promise.all(Array.from({ length: 10 }, async () => {
		for (let i = 0; i < asked / 10; i++)
			await ask(port, 'GET', '/nothing');
		return register(port, { token, runner_name: `Runner ${Math.random()}` });
	}));
	const answers = await Promise.race([answered, later(60000)]);
	check('while nobody reads the log, all are answered', answers?.every(({ status }) => status === 201), answers?.map(({ status }) => status));
	child.stderr.resume();
	if (answers !== undefined)
		await until(() => /event=log lost=/.test(server.log) || void ask(port, 'GET', '/nothing'));
	const lost = Number(/event=log lost=(\d+)/.exec(server.log)?.[1]);
	check('when somebody reads it again, it says how many lines are lost', lost > 0, server.log.slice(-200));
	child.stderr.pause();
	for (let i = 0; i < asked && answers !== undefined; i++)
		await ask(port, 'GET', '/nothing');
	child.kill('SIGTERM');
	const ended = await Promise.race([server.ended, later(15000)]);
	check('nor does the end wait for a reader', ended?.code === 0, ended);
}

/* A program whose standard error is a pipe that is full from the start. When its input ends, all of the pipe is read. */
const full = `
import fcntl, os, signal, subprocess, sys
ours, theirs = os.pipe()
fcntl.fcntl(theirs, 1031, 4096)		# F_SETPIPE_SZ
os.set_blocking(theirs, False)
try:
    while True:
        os.write(theirs, b'.' * 4096)
except BlockingIOError:
    pass
os.set_blocking(theirs, True)
child = subprocess.Popen(sys.argv[1:], stderr=theirs)
os.close(theirs)
print(child.pid, flush=True)
sys.stdin.read()
while piece := os.read(ours, 4096):
    os.write(1, piece)
sys.exit(child.wait())
`;

/** The same for the publisher, which says a line at each publish. */
async function hungWatch(folder) {
	const db = makeClub(makeFolder()), site = join(folder, 'watch'), seen = { said: '' };
	const page = (group) => existsSync(join(site, `public/groups/${group}/index.html`));
	const child = spawn('/usr/bin/python3', ['-c', full, join(build, 'turnout'), 'watch', '--db', db, '--site', site], { stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = new Promise((done) => child.on('close', done));
	child.stdout.setEncoding('utf8').on('data', (text) => { seen.said += text; });
	await until(() => seen.said.includes('\n'));
	const pid = Number(seen.said.split('\n')[0]);
	atEnd(() => spawnSync('kill', ['-9', String(pid)], { stdio: 'ignore' }));
	for (const group of ['one', 'two', 'three']) {
		turnout('group', 'add', group, '--db', db);
		check(`while nobody reads what watch says, it publishes group ${group}`, await until(() => page(group)));
	}
	child.stdin.end();
	const lost = () => Number(/turnout: (\d+) lines? (?:was|were) lost/.exec(seen.said)?.[1]);
	let number = 0;
	check('when somebody reads it again, it says how many lines are lost', await until(() =>
		lost() > 0 || void turnout('group', 'add', `Group ${++number}`, '--db', db)), seen.said.slice(4096));
	check('and goes on saying what it does', await until(() => /lost.*\n.*published: /.test(seen.said)), seen.said.slice(4096));
	process.kill(pid, 'SIGTERM');
	check('it ends as ever', (await Promise.race([ended, later(15000)])) === 0);
}

await run(async () => {
	const folder = makeFolder();
	await hungLog(folder);
	await hungWatch(folder);
	await hungPublisher(folder);
	await fullDisk(folder);
	await noFiles(folder);
});
