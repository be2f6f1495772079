// SPDX-License-Identifier: ISC
// check.mjs: turnout publish --check: what it accepts, what it finds, and that it leaves nothing behind.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { skip } from '../checks.mjs';
import { caller, check, makeFolder, program, root, run } from './lib.mjs';

const now = '2026-11-20T18:20';
const well = /^[\d,]+ files, [\d,]+ links: all well\n$/;

/** A club made by `words` of init, with templates of its own; look() is a check, in a folder for temporary files that must be empty behind it. */
function makeClub(...words) {
	const folder = makeFolder(), scratch = join(folder, 'tmp');
	const call = caller(folder);
	const turnout = (given) => call([...given, '--now', now], { env: { TMPDIR: scratch } });
	const look = (...more) => turnout(['publish', '--check', ...more]);

	mkdirSync(scratch);
	cpSync(join(root, 'templates'), join(folder, 'templates'), { recursive: true });
	turnout(['init', ...words]);
	return { folder, scratch, turnout, look };
}

/** Change the template `name` for one check. */
function lookWith(club, name, change, ...more) {
	const path = join(club.folder, 'templates', name), before = readFileSync(path, 'utf8');

	writeFileSync(path, change(before));
	const result = club.look(...more);
	writeFileSync(path, before);
	return result;
}

function checkDemo(club) {
	let result = club.look();

	check('the demo club is well: 0, and one line says how much was looked at', result.code === 0 && well.test(result.out), result);
	check('that it was not published yet is a remark', result.err === 'site: was not published yet.\n', result.err);
	check('nothing was published', !existsSync(join(club.folder, 'site')));
	check('no file is left behind', readdirSync(club.scratch).length === 0);
	result = club.look('--as-of', '2026-10-01');
	check('--as-of looks at the site as it was', result.code === 0 && well.test(result.out), result);
	club.turnout(['publish']);
	result = club.look();
	check('when it is published there is no remark', result.code === 0 && well.test(result.out) && result.err === '', result);
}

/* Of a club that was not published yet. */
function checkManners(club) {
	let result = club.look('--json');

	check('--json lists the remark alone', result.code === 0 && result.json.length === 1 && result.json[0].state === 'remark', result.out);
	result = club.look('-q');
	check('-q is silent', result.code === 0 && result.out === '' && result.err === '', result);
	result = club.look('--as-of', '2001-01-01');
	check('before there was a club --as-of ends with 1', result.code === 1 && result.out === '', result);
}

function checkTemplates(club) {
	const link = (href) => (text) => text.replace('{{$main}}\n', `{{$main}}\n<p id="x"><a href="${href}">x</a></p>\n`);
	let result = lookWith(club, 'pages/not-found.html', link('{{root}}runs/no/'));

	check('a broken link ends with 3, and its line names file, line and link',
		result.code === 3 && /^public\/404\.html:\d+: the link “\/runs\/no\/” leads nowhere\n$/.test(result.out), result);
	const line = Number(result.out.split(':')[1]);
	club.turnout(['publish']);
	check('the line is where the link would be', readFileSync(join(club.folder, 'site/public/404.html'), 'utf8').split('\n')[line - 2].startsWith('<main'), line);
	check('how many there were is told on standard error', /^turnout: The check found 1 problem\. Nothing was published\.\n$/.test(result.err), result.err);
	result = lookWith(club, 'pages/not-found.html', link('{{root}}runs/no/'), '--json');
	check('--json has it in parts', result.code === 3 && result.json.length === 1 && result.json[0].check === 'links' && result.json[0].state === 'problem'
		&& result.json[0].file === 'public/404.html' && result.json[0].line === line && result.json[0].link === '/runs/no/', result.out);
	result = lookWith(club, 'pages/calendar.html', link('{{root}}groups/#nothing'));
	check('a broken anchor too', result.code === 3 && /leads to no anchor: public\/groups\/index\.html has no such id\n$/.test(result.out), result);
	result = lookWith(club, 'pages/home.html', link('#main" id="x'));
	check('and an id that is there twice', result.code === 3 && /^public\/index\.html:\d+: the id “x” is there again, as in line \d+\n$/.test(result.out), result);
	result = lookWith(club, 'pages/home.html', (text) => text.replace('{{tree}}R/', '{{root}}api/register'));
	check('turnoutd’s own addresses lead somewhere in forms alone', result.code === 3 && result.out.includes('api/register” leads nowhere'), result);
	result = lookWith(club, 'partials/frame.html', (text) => text.replaceAll('{{root}}', '{{root}}no/'));
	check('a fault of all pages is told 300 times, then counted', result.code === 3 && result.out.split('\n').length === 302
		&& /\nand [\d,]+ more\n$/.test(result.out), result.out.slice(-200));
	result = lookWith(club, 'pages/home.html', (text) => text.replace('{{club}}', '{{clubb}}'));
	check('a fault in a template ends with 3, with file and line', result.code === 3 && /^templates\/pages\/home\.html:\d+: .*clubb/.test(result.out), result);
	result = lookWith(club, 'pages/home.sql', (text) => text.replace('SELECT', 'SELEKT'));
	check('one in a query as well', result.code === 3 && /^templates\/pages\/home\.sql:\d+: /.test(result.out), result);
	check('none of it was published, and nothing is left', club.look().code === 0 && readdirSync(club.scratch).length === 0);
}

function checkSite(club) {
	const page = join(club.folder, 'site/public/groups/index.html'), stranger = join(club.folder, 'site/public/notes.txt');
	let result;

	rmSync(page);
	result = club.look();
	check('a deleted file ends with 3, and the advice', result.code === 3
		&& result.out === 'site/public/groups/index.html: was deleted. turnout publish --full brings it back.\n', result);
	club.turnout(['publish', '--full']);
	check('which is right', existsSync(page) && club.look().code === 0);
	writeFileSync(stranger, 'mine');
	result = club.look();
	check('a stranger is a remark and no fault', result.code === 0 && well.test(result.out)
		&& result.err.startsWith('site/public/notes.txt: was not made by turnout.'), result);
	result = club.look('--json');
	check('in JSON too', result.code === 0 && result.json.length === 1 && result.json[0].state === 'remark' && result.json[0].file === 'site/public/notes.txt', result.out);
	check('it stays', readFileSync(stranger, 'utf8') === 'mine');
	for (let i = 0; i < 30; i++)
		writeFileSync(join(club.folder, `site/public/${i}.txt`), '');
	result = club.look();
	check('of 31 strangers 20 are named', result.code === 0 && result.err.split('\n').length === 22 && result.err.endsWith('site: and 11 more such files.\n'), result.err);
	writeFileSync(join(club.folder, 'site/manifest.db'), 'no manifest at all');
	result = club.look();
	check('a manifest that cannot be read ends with 3', result.code === 3 && result.out.startsWith('site/manifest.db: cannot be read.'), result);
}

function checkDatabase(club) {
	const path = join(club.folder, 'db/turnout.db'), whole = readFileSync(path);
	let result;

	execFileSync('sqlite3', [path, 'UPDATE run_count SET present = present + 1 WHERE run_id = 1']);
	result = club.look();
	check('counts that do not agree with the rows end with 3', result.code === 3 && result.out.includes('does not agree with itself') && result.out.split('\n').length === 2, result);
	check('and nothing else is looked at', result.err.startsWith('turnout: The check found 1 problem.'), result.err);
	writeFileSync(path, whole);
	const file = openSync(path, 'r+');
	for (let at = Math.floor(whole.length / 8192) * 4096; at < whole.length; at += 4096)
		writeSync(file, Buffer.alloc(2048, 0xaa), 0, 2048, at + 1024);
	closeSync(file);
	result = club.look();
	check('a damaged database ends with 3 and sends to the backup', result.code === 3 && result.out.includes('backup'), result);
	check('in JSON too', club.look('--json').json.some((row) => row.state === 'problem' && row.file === 'db/turnout.db'));
	writeFileSync(path, 'Dear diary, this is no database, and it is a bit longer than a header of one, which has one hundred bytes.');
	result = club.look();
	check('a file that is none ends with 3', result.code === 3 && result.out.includes('is not a Turnout database'), result);
	rmSync(path);
	result = club.look();
	check('no database at all ends with 3 and makes none', result.code === 3 && result.out.includes('turnout init') && !existsSync(path), result);
	writeFileSync(path, whole);
	check('the whole one is well again', club.look('-q').code === 3 && (rmSync(join(club.folder, 'site/manifest.db')), club.look('-q').code === 0));
}

/* Somebody holds the site, so that the check waits with its folder made; then it is killed. */
async function checkKill(club) {
	const { TURNOUT_DB, ...env } = process.env;

	club.turnout(['publish']);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL']) {
		const holder = spawn('flock', [join(club.folder, 'site/lock'), 'sh', '-c', 'echo held; read line'], { stdio: ['pipe', 'pipe', 'inherit'] });
		await new Promise((done) => holder.stdout.once('data', done));
		const checker = spawn(program, ['publish', '--check', '--now', now], { cwd: club.folder, env: { ...env, TMPDIR: club.scratch }, stdio: 'ignore' });
		const ended = new Promise((done) => checker.once('exit', (code, by) => done(by)));
		while (!existsSync(join(club.scratch, readdirSync(club.scratch)[0] ?? 'none', 'manifest.db')))
			await wait(5);
		checker.kill(signal);
		check(`${signal} ends it`, await ended === signal);
		while (readdirSync(club.scratch).length > 0)
			await wait(5);
		check('and its folder goes', true);
		holder.stdin.end('\n');
		await new Promise((done) => holder.once('exit', done));
	}
	rmSync(club.scratch, { recursive: true });
	const result = club.look();
	check('where no folder can be made it ends with 1 and says so', result.code === 1 && result.err.includes('TMPDIR'), result);
}

function checkOthers() {
	const empty = makeClub('--name', 'Empty', '--zone', 'Europe/London', '--address', 'https://host.example/club');
	let result = empty.look();

	check('an empty club is well', result.code === 0 && well.test(result.out), result);
	const sheet = join(resolve(root, process.env.TURNOUT_DATA ?? 'none'), 'toronto-council-attendance.csv');
	if (!existsSync(sheet))
		return skip('the Toronto club', 'set TURNOUT_DATA to the folder that has toronto-council-attendance.csv');
	const toronto = makeClub('--name', 'Toronto Council', '--zone', 'America/Toronto');
	result = toronto.turnout(['import', 'attendance', sheet, '--person', 'First Name,Last Name', '--group', 'Committee', '--date', 'Session Date',
		'--time', 'Session Start-End Time', '--title', 'Session Type', '--status', 'Present', '--present', 'Y', '--absent', 'N']);
	check('the Toronto register is imported', result.code === 0, result.err.slice(-300));
	result = toronto.look();
	check('the Toronto club is well', result.code === 0 && well.test(result.out), result);
}

run(async () => {
	const demo = makeClub('--demo'), small = makeClub('--name', 'Small', '--zone', 'Europe/London');

	checkDemo(demo);
	small.turnout(['group', 'add', 'Hills']);
	small.turnout(['calendar', 'add', '--group', 'Hills', '--every', 'friday', '--start', '18:30', '--end', '19:30']);
	checkManners(small);
	small.turnout(['publish']);
	checkTemplates(small);
	checkSite(small);
	checkDatabase(small);
	await checkKill(small);
	checkOthers();
});
