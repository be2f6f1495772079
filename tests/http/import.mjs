// SPDX-License-Identifier: ISC
// import.mjs: a long import while people check in: they are answered all the while, between its steps. One that is killed or locked out
// half-way says so, keeps what it has, and repeated it ends as one that was never disturbed; a bad line at the very end refuses everything.
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { atEnd } from '../checks.mjs';
import { build, check, makeClub, makeFolder, makeRun, register, run, start } from './lib.mjs';

const rows = /-/.test(basename(build)) ? 4000 : 10_000;		// a sanitizer makes fewer slow enough
const patience_ms = 4000;		// of a phone; the lock is waited for 5 s
/* Take the lock as soon as it is free, and hold it until the end of the input. */
const locker = `
import sqlite3, sys
club = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
while True:
    try:
        club.execute('BEGIN IMMEDIATE')
        break
    except sqlite3.OperationalError:
        pass
print('locked', flush=True)
sys.stdin.read()
`;

const query = (db, sql) => execFileSync('sqlite3', ['-cmd', '.timeout 20000', db, sql], { encoding: 'utf8' }).trim();
const imported = (db) => Number(query(db, "SELECT count(*) FROM attendance JOIN run ON run.id = run_id JOIN \"group\" AS g ON g.id = group_id WHERE g.name = 'Old Group'"));
/* The events of the import as lines of its file. */
const entered = (db) => query(db, "SELECT p.name || ',' || r.date || ',' || r.start || ',' || g.name FROM event AS e JOIN run AS r ON r.id = e.run_id " +
	"JOIN \"group\" AS g ON g.id = r.group_id JOIN person AS p ON p.id = e.person_id WHERE e.proof = 'import'").split('\n').sort().join('\n');

/** Start an import of `file`; its process, `ended` with its code and what it said, and whether it `is_over`. */
function begin(db, file) {
	const child = spawn(join(build, 'turnout'), ['import', 'attendance', file, '--person', 'Name', '--date', 'Date', '--time', 'Time', '--group', 'Group', '--db', db]);
	const work = { child, said: '', isOver: false };
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (text) => { work.said += text; });
	work.ended = new Promise((done) => child.on('close', (code, signal) => done({ code, signal }))).finally(() => { work.isOver = true; });
	return work;
}

/** Wait until a part of it is in; false when it ended before. */
async function halfWay(db, work) {
	while (!work.isOver && imported(db) === 0)
		await new Promise((done) => setTimeout(done, 5));
	return !work.isOver;
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), file = join(folder, 'register.csv'), bad = join(folder, 'bad.csv');
	const { token } = makeRun(db, 'Hall', -5, 600);
	const day = (i) => new Date(Date.UTC(2015, 0, 1 + Math.floor(i / 50))).toISOString().slice(0, 10);
	const other = makeClub(makeFolder());
	const lines = Array.from({ length: rows }, (_, i) => `Person ${i % 97},${day(i)},18:30,Old Group`);
	writeFileSync(file, ['Name,Date,Time,Group', ...lines, ''].join('\n'));
	writeFileSync(bad, ['Name,Date,Time,Group', ...lines, 'Ada,yesterday,18:30,Old Group', ''].join('\n'));
	const server = await start(db, join(folder, 'site')), { port } = server;
	let number = 0;

	/** Check in, one after the other, until `work` is over: how many were answered while a part of it was in, the slowest, and what was no 201. */
	async function attend(work) {
		const met = { between: 0, slowest: 0, odd: [] };
		while (!work.isOver) {
			const answer = await register(port, { token, runner_name: `Runner ${++number}` });
			if (answer.status !== 201)
				met.odd.push(answer.text.slice(0, 300));
			met.slowest = Math.max(met.slowest, answer.ms);
			const count = imported(db);
			met.between += count > 0 && count < rows;
		}
		return met;
	}

	let work = begin(db, bad), met = await attend(work), ended = await work.ended;
	check('a bad last line refuses the whole file', ended.code === 1 && work.said.includes(`bad.csv:${rows + 2}: The date “yesterday”`) &&
		work.said.includes('Nothing was imported.') && imported(db) === 0, [ended, work.said, imported(db)]);
	check('check-ins are answered meanwhile', met.odd.length === 0 && met.slowest < patience_ms, met);

	work = begin(db, file);
	if (await halfWay(db, work))
		work.child.kill('SIGKILL');
	ended = await work.ended;
	const kept = imported(db);
	check('an import that is killed half-way keeps what it has entered', ended.signal === 'SIGKILL' && kept > 0 && kept < rows, [ended, work.said, kept]);
	check('and check-ins go on', (await register(port, { token, runner_name: 'After the end' })).status === 201);

	work = begin(db, file);
	met = await attend(work);
	ended = await work.ended;
	check('repeated, it enters the rest', ended.code === 0 && imported(db) === rows && / [1-9]\d* same/.test(work.said), [ended, work.said]);
	check('check-ins are answered between its steps', met.between > 2 && met.odd.length === 0 && met.slowest < patience_ms, met);
	check('the server ends with 0', (await server.stop()).code === 0);
	check('everybody who was told so is in', query(db, "SELECT count(*) FROM attendance JOIN person ON person.id = person_id WHERE name LIKE 'Runner %'") === String(number), number);

	check('and each line of the file is in once', entered(db) === [...lines].sort().join('\n'));

	work = begin(other, file);
	await halfWay(other, work);
	const lock = spawn('/usr/bin/python3', ['-c', locker, other], { stdio: ['pipe', 'pipe', 'inherit'] });
	atEnd(() => lock.kill());
	ended = await work.ended;
	lock.stdin.end();
	const [, told] = /broken off after (\d+) entries, which stay/.exec(work.said) ?? [];
	check('an import that is locked out half-way says how far it got', ended.code === 4 && Number(told) === imported(other) && told > 0, [ended, work.said, imported(other)]);
	work = begin(other, file);
	ended = await work.ended;
	check('repeated, it ends in the same state', ended.code === 0 && entered(other) === entered(db), [ended, work.said]);
});
