// SPDX-License-Identifier: ISC
// export.mjs: the files of turnout export, read by programs that are not ours, and their figures compared with those of the pages.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { skip } from '../checks.mjs';
import { caller, check, damageTable, makeFolder, program, readTree, root, run } from './lib.mjs';

const now = '2026-11-20T12:00';
const toronto = resolve(root, process.env.TURNOUT_DATA ?? '../shared/data', 'toronto-council-attendance.csv');
const lines = (text) => text.trimEnd().split(/\r?\n/);
const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** Run a judge; its standard output, or null (said aloud) where it is not installed. */
function judge(what, command, words, input = '') {
	if (!has(command)) {
		skip(what, `${command} is not installed`);
		return null;
	}
	const ran = spawnSync(command, words, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
	if (ran.status !== 0)
		throw new Error(`${command}: ${ran.stderr}`);
	return ran.stdout;
}

/** CSV as Python's csv module reads it: an array of objects. */
function readCsv(path, encoding = 'utf-8') {
	return JSON.parse(execFileSync('/usr/bin/python3', ['-c',
		'import csv,json,sys; print(json.dumps(list(csv.DictReader(open(sys.argv[1], newline="", encoding=sys.argv[2]), strict=True))))', path, encoding],
	{ encoding: 'utf8', maxBuffer: 1 << 26 }));
}

/** How many came to each run, by its session. */
function countCame(rows) {
	const came = {};
	for (const row of rows)
		came[row.session] = (came[row.session] ?? 0) + (row.status === 'present' || row.status === 'late');
	return came;
}

function checkOptions(turnout, folder) {
	let result = turnout(['export', '--columns', 'person,date', '--to', '2026-01-31']);
	const [head, ...rows] = lines(result.out);

	check('--columns takes columns in its order', head === 'person,date' && rows.length > 0 && rows.every((row) => /,2026-01-|,2025-/.test(row)), head);
	const name = rows[0].split(',')[0];
	result = turnout(['export', '--person', name, '--columns', 'person']);
	check('--person is about one person', new Set(lines(result.out).slice(1)).size === 1 && lines(result.out).length > 1, result.out.slice(0, 80));
	for (const wrong of [['--from', '2026-05-01', '--to', '2026-04-01'], ['--columns', 'person,shoe'], ['--columns', 'person,person'], ['--columns', 'event'], ['--paper', 'a5'], ['everything']])
		check(`export ${wrong.join(' ')} ends with 2`, turnout(['export', ...wrong]).code === 2);
	check('a column that is none is told with those that are', turnout(['export', 'events', '--columns', 'shoe']).err.includes('received'));
	check('an unknown person ends with 1', turnout(['export', '--person', 'Nobody Here']).code === 1);
	mkdirSync(join(folder, 'out'));
	turnout(['export', '--from', '2026-01-01', '--to', '2026-06-30', '--output', 'out']);
	turnout(['export', 'events', '--group', 'Saturday Long Run', '--format', 'xlsx', '--output', 'out/']);
	check('files have names that say what is in them', readdirSync(join(folder, 'out')).sort().join()
		=== 'harbour-runners-events-saturday-long-run.xlsx,harbour-runners-register-2026-01-01-2026-06-30.csv', readdirSync(join(folder, 'out')));
	check('nothing is told of progress where standard error is no terminal', !turnout(['export', '--output', 'quiet.csv']).err.includes('\r'));
	const typescript = execFileSync('script', ['-qec', `${join(process.env.BUILD ? resolve(root, process.env.BUILD) : join(root, 'build'), 'turnout')} export --output told.csv`, '/dev/null'],
		{ cwd: folder, encoding: 'utf8', env: { ...process.env, TURNOUT_DB: 'db/turnout.db' } });
	check('and it is where that is one', /\r1000 lines.*\r.*3\d\d\d lines in told\.csv/s.test(typescript), typescript);
}

function checkFigures(turnout, folder) {
	for (const kind of ['register', 'events'])
		for (const [format, file] of [['csv', `${kind}.csv`], ['excel', `${kind}-excel.csv`], ['json', `${kind}.json`], ['xlsx', `${kind}.xlsx`], ['pdf', `${kind}.pdf`]])
			if (turnout(['export', kind, '--format', format, '--output', file]).code !== 0)
				throw new Error(`${kind} as ${format}`);
	const register = readCsv(join(folder, 'register.csv'));
	const figures = turnout(['status', '--json']).json;
	check('Python reads as many attendances from the CSV as there are', register.length === figures.attendances);
	for (const status of ['present', 'late', 'excused', 'absent'])
		check(`as many ${status}`, register.filter((row) => row.status === status).length === figures[status]);
	check('and as many events', readCsv(join(folder, 'events.csv')).length === figures.events);
	const miller = judge('the CSV by miller', 'mlr', ['--icsv', '--ojson', 'count-distinct', '-f', 'status', join(folder, 'register.csv')]);
	if (miller !== null)
		check('Miller counts the same', JSON.parse(miller).every(({ status, count }) => figures[status] === count), miller);
	const excel = readFileSync(join(folder, 'register-excel.csv'));
	check('the flavour for Excel is the same behind a byte order mark', excel.subarray(0, 3).equals(Buffer.from([0xEF, 0xBB, 0xBF]))
		&& excel.subarray(3).equals(readFileSync(join(folder, 'register.csv'))));
	check('JSON holds the same', JSON.stringify(countCame(JSON.parse(readFileSync(join(folder, 'register.json'))))) === JSON.stringify(countCame(register)));

	turnout(['publish']);
	const came = countCame(register);
	const years = readdirSync(join(folder, 'site/public/history')).filter((name) => /^\d{4}\.csv$/.test(name));
	const over = years.flatMap((name) => readCsv(join(folder, 'site/public/history', name))).filter((row) => row.present !== '');
	check('the pages of the history have the same count for every run', over.length > 200
		&& over.every((row) => Number(row.present) + Number(row.late) === (came[row.session] ?? 0)), over.length);
	return register;
}

function checkSheet(folder, register) {
	const script = `
import json, sys, openpyxl, datetime
book = openpyxl.load_workbook(sys.argv[1])
sheet = book.active
rows = list(sheet.iter_rows())
head = [cell.value for cell in rows[0]]
kinds = {name: sorted({type(row[i].value).__name__ for row in rows[1:]}) for i, name in enumerate(head)}
print(json.dumps({'sheets': len(book.sheetnames), 'frozen': sheet.freeze_panes, 'rows': len(rows) - 1, 'kinds': kinds,
	'widths': [sheet.column_dimensions[cell.column_letter].width for cell in rows[0]],
	'formulas': sum(cell.data_type == 'f' for row in rows for cell in row),
	'values': [[None if cell.value is None else str(cell.value) for cell in row] for row in rows[1:]], 'head': head}))`;
	const sheet = JSON.parse(execFileSync('/usr/bin/python3', ['-c', script, join(folder, 'register.xlsx')], { encoding: 'utf8', maxBuffer: 1 << 26 }));

	check('openpyxl reads one sheet with its head frozen, and no formula', sheet.sheets === 1 && sheet.frozen === 'A2' && sheet.formulas === 0, sheet.frozen);
	check('dates, times and instants are typed', sheet.kinds.date.join() === 'datetime' && sheet.kinds.start.join() === 'time'
		&& sheet.kinds.since.join() === 'datetime' && sheet.kinds.person.join() === 'str', sheet.kinds);
	check('columns have widths', sheet.widths.every((width) => width > 5 && width < 40), sheet.widths);
	const plain = (text, name) => text === '' ? null : name === 'date' ? `${text} 00:00:00` : name === 'start' || name === 'end' ? `${text}:00`
		: name === 'since' ? text.slice(0, 19).replace('T', ' ') : text.replace(/^'(?='*\s*[=+\-@])/, '');
	check('every cell says what the CSV says', sheet.rows === register.length && sheet.values.every((row, i) =>
		row.every((value, j) => value === plain(register[i][sheet.head[j]], sheet.head[j]))));
	// Its own profile, as another soffice may run; comma, quote, UTF-8, all cells as they are shown, of formulas the text.
	const clean = judge('the sheet by LibreOffice', 'soffice', [`-env:UserInstallation=file://${join(folder, 'profile')}`, '--headless', '--convert-to',
		'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1', '--outdir', join(folder, 'office'), join(folder, 'register.xlsx')]);
	if (clean === null)
		return;
	const shown = readCsv(join(folder, 'office/register-register.csv'));
	const plainer = (text, name) => name === 'since' ? text.slice(0, 19).replace('T', ' ') : text.replace(/^'(?='*\s*[=+\-@])/, '');
	const other = shown.findIndex((row, i) => sheet.head.some((name) => row[name] !== plainer(register[i][name], name)));
	check('LibreOffice opens it and shows in every cell what the CSV has; formulas there are none', shown.length === register.length && other < 0,
		[shown.length, shown[other], register[other]]);
}

function checkPaper(turnout, folder, register) {
	const file = join(folder, 'register.pdf');

	if (judge('the PDF by qpdf', 'qpdf', ['--check', file]) !== null)
		check('qpdf finds nothing wrong with the PDF', true);
	const text = judge('the text of the PDF', 'pdftotext', ['-layout', file, '-']);
	if (text === null)
		return;
	const pages = text.split('\f').filter((page) => page.trim() !== '');
	check('every page has the club, its number and the head of the table', pages.length > 20 && pages.every((page, i) =>
		page.includes('Harbour Runners') && page.includes(`page ${i + 1}\n`) && /date +start +group +title +person +status/.test(page)), pages.length);
	// A reader of a PDF guesses blanks from distances and marks what runs from right to left.
	const flat = (words) => words.normalize('NFC').replace(/[\s\u200e\u200f\u202a-\u202e]/g, '');
	const all = flat(text), names = [...new Set(register.map((row) => row.person.replace(/^'(?==)/, '')))];
	const hasFont = (name) => [...name].every((letter) => letter < '\u2000' || execFileSync('fc-list', [`:charset=${letter.codePointAt(0).toString(16)}`]).length > 0);
	const shown = names.filter(hasFont);
	if (shown.length < names.length)
		skip(`${names.filter((name) => !shown.includes(name))} in the PDF`, 'no font of this machine has them');
	const missing = shown.filter((name) => !all.includes(flat(name)));
	check('every name is in it, from right to left too', missing.length === 0 && shown.includes('محمد العربي'), missing);
	for (const status of ['present', 'late', 'excused', 'absent'])
		check(`as many ${status} as in the CSV`, (text.match(new RegExp(` ${status}$`, 'gm')) ?? []).length
			=== register.filter((row) => row.status === status).length);
	const size = (...words) => {
		turnout(['export', '--format', 'pdf', '--to', '2025-12-01', '--output', 'size.pdf', ...words]);
		return execFileSync('pdfinfo', [join(folder, 'size.pdf')], { encoding: 'utf8' }).match(/Page size:.*/)[0];
	};
	check('on A4', size().includes('(A4)'), size());
	check('or on US Letter', size('--paper', 'letter').includes('(letter)'));
}

function checkReturn(turnout, folder) {
	const other = caller(makeFolder());
	const events = join(folder, 'events.csv');

	other(['init', '--name', 'Copy', '--zone', 'UTC', '--now', now]);
	const before = other(['status', '--json']).json;
	let result = other(['import', events, '--dry-run']);
	check('a dry run prints each difference', lines(result.out).filter((line) => line.startsWith('+ ')).length === before.events + lines(readFileSync(events, 'utf8')).length - 1, result.err);
	check('and enters nothing', JSON.stringify(other(['status', '--json']).json) === JSON.stringify(before));
	result = other(['import', events]);
	check('the event log of one club makes the same events in another', result.code === 0
		&& other(['export', 'events']).out === readFileSync(events, 'utf8'), result.err);
	check('and the same register', other(['export']).out === readFileSync(join(folder, 'register.csv'), 'utf8'));
	check('a second time nothing is new', / 0 added.* 0 kept, 0 only_here/.test(other(['import', events]).out));
	const edited = readFileSync(join(folder, 'register.csv'), 'utf8').replace(',present,', ',excused,').split('\r\n').toSpliced(5, 1).join('\r\n');
	result = other(['import', '-', '--dry-run'], { input: edited });
	check('a register that was edited differs in that line, and in one that it has not', lines(result.out).length === 2
		&& /^~ .*excused, was present$/m.test(result.out) && / 1 changed.* 1 only_here/.test(result.out), result.out);
	check('the doctor finds the copy whole', other(['doctor', '--json']).json.find((each) => each.check === 'database').state === 'fine');
	result = other(['import', '-'], { input: 'date,person\n2026-01-01,Ada\n' });
	check('what is no export of ours is refused, with the other way', result.code === 1 && result.err.includes('turnout import attendance'), result);
}

function checkRunPapers(turnout, folder) {
	const date = turnout(['calendar', 'list', '--json']).json[0].date;
	const run = turnout(['code', date, '--json']).json;
	const read = (file) => execFileSync('pdftotext', ['-layout', join(folder, file), '-'], { encoding: 'utf8' });

	turnout(['export', 'poster', date, '--output', 'poster.pdf']);
	if (judge('the poster', 'pdftoppm', ['-r', '100', '-singlefile', '-png', join(folder, 'poster.pdf'), join(folder, 'poster')]) === null)
		return;
	const seen = execFileSync('zbarimg', ['-q', '--xml', join(folder, 'poster.png')], { encoding: 'utf8' });
	check('a camera reads the printed code of the run from the poster', seen.includes(run.address), seen);
	// The darkest columns at the left and at the right, within a centimetre of the middle of the page: 100 dots are an inch.
	execFileSync('pdftoppm', ['-r', '100', '-singlefile', '-gray', join(folder, 'poster.pdf'), join(folder, 'poster')]);
	const image = readFileSync(join(folder, 'poster.pgm'));
	const [head, width, height] = image.toString('latin1', 0, 40).match(/^P5\n(\d+) (\d+)\n255\n/).map((part, i) => i === 0 ? part.length : Number(part));
	const dark = [];
	for (let y = Math.floor(height / 2) - 40; y < height / 2 + 40; y++)
		for (let x = 0; x < width; x++)
			if (image[head + y * width + x] < 128)
				dark.push(x);
	const side = (dark.reduce((a, b) => Math.max(a, b)) - dark.reduce((a, b) => Math.min(a, b))) / 100 * 2.54;
	check('which is 12 cm wide at least', side >= 12 && side < 16, side);
	const words = read('poster.pdf');
	check('and the code to type, the title, the time and the place stand beside it', words.includes(`${run.session_id.slice(0, 5)}-${run.session_id.slice(5)}`)
		&& words.includes(run.run) && words.includes(run.start) && words.includes(String(Number(date.slice(8)))), words);
	check('the poster is on US Letter too', turnout(['export', 'poster', date, '--paper', 'letter', '--output', 'poster.pdf']).code === 0
		&& execFileSync('pdfinfo', [join(folder, 'poster.pdf')], { encoding: 'utf8' }).includes('(letter)'));

	turnout(['export', 'sheet', date, '--output', 'sheet.pdf']);
	const rows = [...read('sheet.pdf').matchAll(/^ *(\d+)-(\d) +(\S.*)$/gm)].map(([, id, check_, name]) => ({ id: Number(id), number: `${id}-${check_}`, name: name.trim() }));
	const people = new Map(turnout(['person', 'list', '--json']).json.map((person) => [person.id, person.name]));
	check('the sheet has a number and a name for each person of the group', rows.length > 10 && rows.every(({ id, name }) => people.get(id) === name), rows.slice(0, 3));
	const there = new Set(lines(turnout(['export', '--from', date, '--to', date, '--columns', 'person']).out));
	const free = rows.filter(({ name }) => !there.has(name));
	const counts = () => { const { present, late } = turnout(['status', '--json']).json; return present + late; };
	const before = counts();
	let result = turnout(['import', 'sheet', date], { input: `${free[0].number}\n\n${free[1].number.replace('-', '')}\n` });
	check('its numbers mark people as present', result.code === 0 && result.err.startsWith('2 marked') && counts() === before + 2, result);
	result = turnout(['import', 'sheet', date], { input: `${free[2].number}\n${free[3].id}-${(Number(free[3].number.at(-1)) + 1) % 10}\n` });
	check('a slip in one of them is told, and then nobody is marked', result.code === 1 && result.err.includes('line 2') && counts() === before + 2, result);
}

function checkHistory(turnout, folder) {
	turnout(['export', '--group', 'Saturday Long Run', '--from', '2026-01-01', '--output', 'kept.csv']);
	const rows = lines(readFileSync(join(folder, 'kept.csv'), 'utf8')).length - 1;
	turnout(['publish']);
	const [address] = readdirSync(join(folder, 'site/private/exports'));
	const page = () => readFileSync(join(folder, 'site/private/exports', address, 'index.html'), 'utf8');
	const newest = page().match(/<tbody>\s*(<tr>.*?<\/tr>)/s)[1];

	check('a private page says who exported what, when, and how much', newest.includes('20 Nov 2026 12:00') && newest.includes(`<bdi>${userInfo().username}</bdi>`)
		&& newest.includes('register, csv') && newest.includes('from 1 Jan 2026,') && newest.includes('Saturday Long Run') && newest.includes(`>${rows}<`), newest);
	check('at an address that turnout status has', turnout(['status', '--json']).json.exports.endsWith(`/exports/${address}/`) && address.length >= 26);
	check('which no public page names', [...readTree(join(folder, 'site/public')).values()].every((file) => !file.includes(address)));
	const before = page();
	turnout(['export', '--output', 'no/such/folder.csv']);
	turnout(['publish']);
	check('an export that failed is not in it', page() === before);
}

function checkToronto() {
	if (!existsSync(toronto)) {
		skip('the register of Toronto’s council', `${toronto} is not here`);
		return;
	}
	const folder = makeFolder();
	const turnout = caller(folder);
	turnout(['init', '--name', 'Toronto Council', '--zone', 'America/Toronto', '--now', now]);
	turnout(['import', 'attendance', toronto, '--person', 'First Name,Last Name', '--group', 'Committee', '--date', 'Session Date', '--time', 'Session Start-End Time',
		'--title', 'Session Type', '--status', 'Present', '--present', 'Y', '--absent', 'N', '--now', now]);
	const figures = turnout(['status', '--json']).json;
	turnout(['export', '--output', 'council.csv']);
	turnout(['export', '--format', 'xlsx', '--output', 'council.xlsx']);
	turnout(['export', '--format', 'pdf', '--columns', 'date,group,person,status', '--output', 'council.pdf']);
	const rows = readCsv(join(folder, 'council.csv'));
	check('of Toronto’s council the CSV has every attendance', figures.attendances > 5000 && rows.length === figures.attendances
		&& rows.filter((row) => row.status === 'present').length === figures.present, [rows.length, figures]);
	check('the sheet too', Number(execFileSync('/usr/bin/python3', ['-c', 'import openpyxl,sys; print(openpyxl.load_workbook(sys.argv[1]).active.max_row)',
		join(folder, 'council.xlsx')], { encoding: 'utf8' })) === rows.length + 1);
	const text = judge('the PDF of Toronto’s council', 'pdftotext', ['-layout', join(folder, 'council.pdf'), '-']);
	if (text !== null)
		check('and the PDF', (text.match(/ present$/gm) ?? []).length === figures.present && (text.match(/ absent$/gm) ?? []).length === figures.absent);
	const other = caller(makeFolder());
	other(['init', '--name', 'Copy', '--zone', 'UTC', '--now', now]);
	other(['import', join(folder, 'council.csv')]);
	check('and it comes back as it was', other(['export']).out === readFileSync(join(folder, 'council.csv'), 'utf8'));
}

/** The copy that files are written from needs room: without, the reason is told as it is, not as a lock of somebody else. */
function checkRoom() {
	const folder = makeFolder(), turnout = caller(folder);

	turnout(['init', '--demo', '--now', now]);
	execFileSync('sqlite3', [join(folder, 'db/turnout.db'), 'CREATE TABLE room (x); INSERT INTO room VALUES (zeroblob(8000000)); DROP TABLE room']);
	for (const words of [['export'], ['report', 'people', '--from', '2026-01-01', '--to', '2026-11-20']]) {
		const target = `${words[0]}.csv`;
		writeFileSync(join(folder, target), 'before');
		const few = spawnSync('bash', ['-c', 'trap "" XFSZ; ulimit -f 1024; exec "$0" "$@"', program, ...words, '--output', target, '--now', now], { cwd: folder, encoding: 'utf8' });
		check(`${words[0]} without room for its copy says what failed`, few.status === 1 && /facts cannot be copied: (disk I\/O error|.* full)/.test(few.stderr) &&
			few.stderr.includes('Nothing was written.') && few.stderr.trim().split('\n').length === 1, few);
		check('and leaves what was there', readFileSync(join(folder, target), 'utf8') === 'before' &&
			readdirSync(folder).filter((name) => name.startsWith(target)).join() === target, readdirSync(folder));
		check('which it replaces once there is room', turnout([...words, '--output', target, '--now', now]).code === 0 && readFileSync(join(folder, target), 'utf8') !== 'before');
	}
}

/** Facts that cannot be read are no fault of the file that they were to go into. */
function checkUnread() {
	const folder = makeFolder(), turnout = caller(folder), db = join(folder, 'db/turnout.db');
	const fails = (why, what) => {
		for (const words of [['export'], ['export', 'events'], ['report', 'people', '2026']]) {
			writeFileSync(join(folder, 'kept.csv'), 'before');
			const { code, err } = turnout([...words, '--output', 'kept.csv', '--now', now]);
			check(`${words.join(' ')} with ${what} says so in a sentence`, code === 1 && why.test(err) && /^turnout: .+ No complete file was written\..*\n$/.test(err), err);
			check('and leaves what was there', readFileSync(join(folder, 'kept.csv'), 'utf8') === 'before' && !readdirSync(folder).some((name) => name.includes('part')));
		}
	};

	turnout(['init', '--demo', '--now', now]);
	execFileSync('sqlite3', [db, "UPDATE run SET zone = 'Mars/X' WHERE date = '2026-11-03'"]);
	fails(/Mars\/X|date, time or zone is not valid/, 'a run in a zone that this machine does not know');
	damageTable(db, 'attendance');
	damageTable(db, 'event');
	fails(/malformed/, 'damaged facts');
}

run(() => {
	const folder = makeFolder();
	const call = caller(folder);
	const turnout = (words, options) => call([...words, '--now', now], options);

	turnout(['init', '--demo']);
	turnout(['person', 'add', '=1+1']);
	writeFileSync(join(folder, 'hostile.csv'), 'who;group;day;at\n=cmd|x;Hills, "steep";2026-11-03;18:30\n李小龍;-Night;2026-11-03;19:00\nمحمد العربي;@Home;2026-11-03;19:30\n🏃 Runner;Hills, "steep";2026-11-03;18:30\n');
	check('hostile names go in', turnout(['import', 'attendance', 'hostile.csv', '--person', 'who', '--group', 'group', '--date', 'day', '--start', 'at']).code === 0);
	checkOptions(turnout, folder);
	const register = checkFigures(turnout, folder);
	checkSheet(folder, register);
	checkPaper(turnout, folder, register);
	checkReturn(turnout, folder);
	checkHistory(turnout, folder);
	checkRunPapers(turnout, folder);
	checkRoom();
	checkUnread();
	checkToronto();
});
