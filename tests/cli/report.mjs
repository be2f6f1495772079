// SPDX-License-Identifier: ISC
// report.mjs: the figures of the reports: a small history counted by hand; and page, CSV, JSON, XLSX and PDF compared with each other and
// with the register, which is counted here without SQL.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { skip } from '../checks.mjs';
import { caller, check, makeFolder, root, run } from './lib.mjs';

const toronto = resolve(root, process.env.TURNOUT_DATA ?? '../shared/data', 'toronto-council-attendance.csv');
const python = (script, ...words) => JSON.parse(execFileSync('/usr/bin/python3', ['-c', script, ...words], { encoding: 'utf8', maxBuffer: 1 << 27 }));
/** The tables of `files`, CSV or sheets, each as rows by the names of their columns. One Python reads all: openpyxl takes long to load. */
const readTables = (...files) => python(`
import csv, json, sys
def read(name):
    if name.endswith('.csv'):
        return list(csv.DictReader(open(name, encoding='utf-8', newline='')))
    import openpyxl
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(name).active.iter_rows()]
    return [dict(zip(rows[0], row)) for row in rows[1:]]
print(json.dumps([read(name) for name in sys.argv[1:]], default=str))`, ...files);
const readCsv = (file) => readTables(file)[0];
const decode = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The tables of a page as rows of texts: that of the figures, and the grid. */
function readPage(file) {
	const html = readFileSync(file, 'utf8');
	const cells = (row) => row.split(/<t[hd][^>]*>/).slice(1).map((cell) => decode(cell.replace(/<[^>]*>/g, '').trim()));
	const rows = (id) => {
		const body = new RegExp(`aria-labelledby="${id}".*?<tbody>(.*?)</tbody>`, 's').exec(html);
		return body === null ? [] : body[1].split('<tr>').slice(1).map(cells);
	};
	const list = (heading) => [...html.split(`<h2>${heading}</h2>`)[1].split('</ul>')[0].matchAll(/<li><a[^>]*>(.*?)<\/a>/g)].map(([, name]) => decode(name.replace(/<[^>]*>/g, '')));
	const heads = (id) => cells(new RegExp(`aria-labelledby="${id}".*?<thead>(.*?)</thead>`, 's').exec(html)?.[1] ?? '');
	return { html, heads: heads('people'), people: rows('people'), months: html.includes('Person by month') ? heads('grid').slice(1) : null, grid: rows('grid'),
		newcomers: list('Newcomers'), stopped: list('Who stopped coming') };
}

/** The tables of a person's page as rows of texts: the years, and the dates. */
function readPerson(file) {
	const html = readFileSync(file, 'utf8');
	const [lines, dates] = [...html.matchAll(/<tbody>(.*?)<\/tbody>/gs)].map(([, body]) => [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
		row.split(/<t[hd][^>]*>/).slice(1).map((cell) => decode(cell.replace(/<[^>]*>/g, '').trim()))));
	return { html, lines, dates };
}

const marks = { present: '✓', late: 'L', excused: 'E', absent: 'A', unproven: '?', '': '' };

/** A line of the people report as the page shows it, but for the levels of proof behind it. */
const asShown = (row) => [row.person, row.came, row.due, row.rate === '' ? '' : `${row.rate}%`, row.late, row.minutes, row.worst, row.excused, row.longest, row.now];
const levelHeads = { printed: 'Poster or better', screen: 'Screen or better', place: 'At the place or better', host: 'Seen by a host' };

/** Of whoever the file of a level has, how often they came and the rate of that, where they did. */
const asProven = (row) => row.rate === '' || row.came === '0' ? row.came : `${row.came} (${row.rate}%)`;

/** Do all formats of `turnout report` and the page hold the same? */
function compare(club, turnout, folder, group, range, level, pageFolder) {
	const words = [range, ...group ? ['--group', group] : [], ...level ? ['--level', level] : []];
	const what = `${club}, ${group ?? 'the whole club'}, ${range}${level ? `, ${level}` : ''}`;
	const files = {};
	for (const kind of group ? ['people', 'grid'] : ['people'])
		for (const format of ['csv', 'json', 'xlsx', 'pdf']) {
			files[`${kind}.${format}`] = join(folder, `${kind}.${format}`);
			const { code, err } = turnout(['report', kind, ...words, '--format', format, '--output', files[`${kind}.${format}`]]);
			if (code !== 0)
				throw new Error(err);
		}
	const page = readPage(join(pageFolder, range, 'index.html'));
	const [lines, sheet, grid, gridSheet] = readTables(...['people.csv', 'people.xlsx', ...group ? ['grid.csv', 'grid.xlsx'] : []].map((name) => files[name]));
	const people = lines.map((row) => ({ ...row, person: row.person.replace(/^'(?='*\s*[=+\-@])/, '') }));
	const json = JSON.parse(readFileSync(files['people.json']));
	const text = (row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? '' : String(value)]));

	const column = level ? page.heads.indexOf(levelHeads[level]) : 0;
	check(`${what}: the page has the ${people.length} people of the CSV, with the same figures`, people.length > 0 && column >= 0
		&& same(page.people.map((row) => level ? [row[0], row[column]] : row.slice(0, 10)), people.map((row) => level ? [row.person, asProven(row)] : asShown(row))),
		[page.heads, page.people[0], people[0]]);
	check(`${what}: so has the JSON`, same(json.map(text), people));
	check(`${what}: and the sheet, in numbers`, same(sheet.map(text), people) && sheet.every(({ came, due }) => typeof came === 'number' && typeof due === 'number'), sheet[0]);
	const flat = (words) => words.normalize('NFC').replace(/[\s\u200e\u200f\u202a-\u202e]/g, '');
	const paper = execFileSync('pdftotext', ['-layout', files['people.pdf'], '-'], { encoding: 'utf8' });
	const printed = paper.split('\n').map(flat);
	const absent = people.filter((row) => !printed.includes(flat(Object.values(row).join(''))));
	check(`${what}: and the PDF, line by line, under its head on each page`, absent.length === 0
		&& paper.split('\f').filter((sheet) => sheet.trim()).every((sheet) => /person +came +due +rate/.test(sheet)), absent[0]);
	if (!group)
		return { page, people };

	const dates = Object.keys(grid[0]).slice(4);
	const months = [...new Set(dates.map((date) => date.slice(0, 7)))];
	const came = (row, month) => dates.filter((date) => date.startsWith(month) && ['present', 'late'].includes(row[date])).length;
	if (dates.length > 60 && range.length !== 7)
		check(`${what}: the grid of the page has how often somebody came in each of ${months.length} months, by the CSV of ${dates.length} dates`, page.months.length === months.length
			&& same(page.grid.map((row) => row.slice(1)), grid.map((row) => months.map((month) => `${came(row, month) || ''}`)))
			&& months.every((month) => page.html.includes(`<a href="../${month}/"`)), [page.months, page.grid[0], grid[0]]);
	else if (!level)
		check(`${what}: the grid of the page is that of the CSV, ${dates.length} dates`, dates.length > 0 && page.months === null
			&& same(page.grid.map((row) => row.slice(1)), grid.map((row) => dates.map((date) => marks[row[date]]))), [page.grid[0], grid[0]]);
	check(`${what}: and of the sheet`, same(gridSheet.map((row) => dates.map((date) => row[date] ?? '')), grid.map((row) => dates.map((date) => row[date]))));
	const shown = execFileSync('pdftotext', ['-layout', files['grid.pdf'], '-'], { encoding: 'utf8' });
	const signs = grid.flatMap((row) => dates.map((date) => marks[row[date]])).filter((sign) => sign !== '');
	const count = (sign) => signs.filter((each) => each === sign).length;
	const found = (sign) => [...shown.matchAll(sign === '✓' || sign === '?' ? new RegExp(`(?<= )\\${sign}(?= |\n)`, 'g') : new RegExp(`(?<= )${sign}(?= |\n)`, 'g'))].length;
	check(`${what}: on paper it lies on its side with as many marks`, ['✓', 'L', 'E', 'A', '?'].every((sign) => count(sign) === found(sign))
		&& /Page size: +841\.89 x 595/.test(execFileSync('pdfinfo', [files['grid.pdf']], { encoding: 'utf8' })), ['✓', 'L', 'E', 'A', '?'].map((sign) => [sign, count(sign), found(sign)]));
	return { page, people, grid, dates };
}

/** The same figures from the register alone, by walking through it. */
function countBrute(register, group, from, to, level, all) {
	const levels = { session: 0, printed: 1, digits: 2, screen: 2, place: 3, host: 4, import: 4 }, least = ['none', 'printed', 'screen', 'place', 'host'].indexOf(level ?? 'none');
	const runs = all.filter((run) => run.group === group && run.date >= from && run.date <= to && run.state === 'closed');
	const of = register.filter((row) => row.group === group && all.some((run) => run.session_id === row.session && run.state === 'closed'));
	const first = new Map();
	for (const row of of)
		if (!first.has(row.person) || row.date < first.get(row.person))
			first.set(row.person, row.date);
	const result = {};
	for (const person of new Set(of.filter(({ session }) => runs.some((run) => run.session_id === session)).map((row) => row.person))) {
		const figures = { came: 0, due: 0, late: 0, excused: 0, longest: 0, now: 0 };
		for (const run of runs) {
			const entry = of.find((row) => row.session === run.session_id && row.person === person);
			if (run.date < first.get(person))
				continue;
			if (entry?.status === 'excused') {
				figures.excused++;
				continue;
			}
			const isIn = ['present', 'late'].includes(entry?.status) && levels[entry.proof] >= least;
			figures.due++;
			figures.came += isIn;
			figures.late += isIn && entry.status === 'late';
			figures.now = isIn ? 0 : figures.now + 1;
			figures.longest = Math.max(figures.longest, figures.now);
		}
		result[person] = figures;
	}
	return result;
}

function checkBrute(club, turnout, folder, group, from, to, level, people) {
	turnout(['export', '--output', join(folder, 'register.csv')]);
	const register = readCsv(join(folder, 'register.csv'));
	const runs = turnout(['calendar', 'list', '--json', '--from', '2000-01-01', '--to', '2099-12-31']).json;
	const brute = countBrute(register, group, from, to, level, runs);
	const differs = people.filter((row) => brute[row.person] !== undefined && ['came', 'due', 'late', 'excused', 'longest', 'now'].some((key) => Number(row[key]) !== brute[row.person][key]));
	check(`${club}, ${group}: ${people.length} people as the register has them, counted by hand${level ? ` at level ${level}` : ''}`, differs.length === 0
		&& people.filter((row) => brute[row.person] !== undefined).length === Object.keys(brute).length && Object.keys(brute).length > 5,
		differs.map((row) => [row, brute[row.person]])[0]);
}

/* A group that met on eight Tuesdays in October and November 2026, 18:30 to 19:30, and what is to be said of it. P present, L late, E excused, A absent. */
const dates = ['2026-10-06', '2026-10-13', '2026-10-20', '2026-10-27', '2026-11-03', '2026-11-10', '2026-11-17', '2026-11-24'];
const history = {
	Ada: 'PPLP PLPP', Bob: 'PPP. ....', Cy: '..A. PAAP', Dee: '.... EPEP', Eve: 'P... ...P', Flo: 'PP.. ....', 'محمد العربي': 'PPPP PPPP', '=Gil "x"': '.... ...A',
	'Wilhelmina Featherstonehaugh-Cholmondeley the Younger of Upper Harbour': '.... .P..',
};
const proofs = { Ada: 'screen', Bob: 'host', Cy: 'printed', Dee: 'host', Eve: 'printed' };

function checkByHand() {
	const folder = makeFolder(), call = caller(folder), db = join(folder, 'db/turnout.db');
	const turnout = (words, options) => call(words.includes('--now') ? words : [...words, '--now', '2026-11-25T12:00'], options);
	const sql = (text) => execFileSync('sqlite3', ['-bail', db], { input: text });
	turnout(['init', '--name', 'Hand', '--zone', 'Europe/London', '--now', '2026-09-01T12:00']);
	turnout(['group', 'add', 'Tuesday', 'Empty']);
	for (const date of dates)
		turnout(['calendar', 'add', '--group', 'Tuesday', '--date', date, '--start', '18:30', '--end', '19:30']);
	turnout(['calendar', 'add', '--group', 'Tuesday', '--date', '2026-11-05', '--start', '18:30', '--end', '19:30']);
	turnout(['calendar', 'cancel', '2026-11-05']);
	turnout(['person', 'add', ...Object.keys(history)]);
	turnout(['person', 'add', 'Only Listed', '--group', 'Tuesday']);
	const id = Object.fromEntries(turnout(['person', 'list', '--json']).json.map((person) => [person.name, person.id]));
	// Late by 7 minutes and 59 seconds, and by 12 minutes: the wall is at GMT+1 until 25 October.
	const status = { P: 'present', L: 'late', E: 'excused', A: 'absent' };
	const events = Object.entries(history).flatMap(([name, row]) => [...row.replace(' ', '')].map((letter, i) => letter === '.' ? '' :
		`INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES ((SELECT id FROM run WHERE date = '${dates[i]}'), ${id[name]}, 'mark',
			'${status[letter]}', CAST(strftime('%s', '${dates[i]} 18:30:00') AS INTEGER) ${i < 3 ? '- 3600' : ''} ${letter === 'L' ? (i === 2 ? '+ 479' : '+ 720') : '- 60'}, 1, '${proofs[name] ?? 'digits'}');`));
	sql(events.join('\n'));
	turnout(['publish']);
	const home = join(folder, 'site/private/reports'), base = join(home, readdirSync(home)[0], 'groups/tuesday');
	const row = (people, name) => { const { person, ...figures } = people.find((each) => each.person === name); return Object.values(figures).map((value) => value === '' ? '' : Number(value)); };

	const november = compare('by hand', turnout, folder, 'Tuesday', '2026-11', null, base);
	// came, due, rate, late, minutes, worst, excused, unproven, missed, longest, now
	const expected = {
		Ada: [4, 4, 100, 1, 12, 12, 0, 0, 0, 0, 0], Cy: [2, 4, 50, 0, 0, 0, 0, 0, 2, 2, 0], Dee: [2, 2, 100, 0, 0, 0, 2, 0, 0, 0, 0],
		Eve: [1, 4, 25, 0, 0, 0, 0, 0, 3, 3, 0], '=Gil "x"': [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], 'Only Listed': [0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0],
		'Wilhelmina Featherstonehaugh-Cholmondeley the Younger of Upper Harbour': [1, 3, 33, 0, 0, 0, 0, 0, 2, 2, 2],
	};
	for (const [name, figures] of Object.entries(expected))
		check(`by hand, November: ${name.slice(0, 20)} has ${figures.join(' ')}`, same(row(november.people, name), figures), row(november.people, name));
	check('by hand, November: who has no entry and is on no list is not in it', !november.people.some(({ person }) => person === 'Bob'));
	const year = compare('by hand', turnout, folder, 'Tuesday', '2026', null, base);
	check('by hand, 2026: late twice, 7 and 12 minutes', same(row(year.people, 'Ada'), [8, 8, 100, 2, 19, 12, 0, 0, 0, 0, 0]), row(year.people, 'Ada'));
	check('by hand, 2026: three times, then five dates missed', same(row(year.people, 'Bob'), [3, 8, 38, 0, 0, 0, 0, 0, 5, 5, 5]), row(year.people, 'Bob'));
	check('by hand, 2026: what was before the first entry is not due', same(row(year.people, 'Cy'), [2, 6, 33, 0, 0, 0, 0, 0, 4, 2, 0]), row(year.people, 'Cy'));
	check('by hand, 2026: six dates in a row', row(year.people, 'Eve')[9] === 6, row(year.people, 'Eve'));
	check('a cancelled date is in no grid', year.dates.length === 8 && november.dates.length === 4, year.dates);

	const proven = compare('by hand', turnout, folder, 'Tuesday', '2026-2027', 'screen', base);
	check('at level screen a poster is not proven: missed, and said so', same(row(proven.people, 'Cy'), [0, 6, 0, 0, 0, 0, 0, 2, 6, 6, 6])
		&& same(proven.grid.find(({ person }) => person === 'Cy')['2026-11-03 18:30'], 'unproven'), row(proven.people, 'Cy'));
	check('what a host saw is more than that', same(row(proven.people, 'Dee'), [2, 2, 100, 0, 0, 0, 2, 0, 0, 0, 0]));
	check('the page says how to have it as a file, and at a level', decode(proven.page.html).includes("turnout report people 2026-2027 --group 'Tuesday' --format xlsx")
		&& proven.page.html.includes('With --level screen'));
	check('levels that make no difference have no column', same(november.page.heads.slice(10), [levelHeads.screen, levelHeads.host]), november.page.heads);
	check('a report is one page, and its levels are files', ['2026', '2026-11'].every((range) => same(readdirSync(join(base, range)), ['index.html']))
		&& turnout(['report', 'people', '2026-11', '--group', 'Tuesday', '--level', 'screen']).out.includes('\r\nCy,0,4,0,0,0,0,0,2,4,4,4\r\n'));

	check('new in November are those whose first time it was', same(november.page.newcomers, ['Cy', 'Dee', 'Wilhelmina Featherstonehaugh-Cholmondeley the Younger of Upper Harbour']), november.page.newcomers);
	check('who stopped is who came three times and missed the next four; the fourth is in November', same(november.page.stopped, ['Bob']), november.page.stopped);
	const stopped = readPage(join(base, '2026-10', 'index.html')).stopped;
	check('and so not in October', same(stopped, []), stopped);
	const lines = (...words) => turnout(['report', ...words]).out.trim().split('\r\n');
	const proved = lines('newcomers', '2026-11', '--group', 'Tuesday', '--level', 'screen').map((line) => line.split(',')[0]);
	check('and at level screen those who are proven', !proved.includes('Cy') && proved.includes('Dee'), proved);
	check('a file says so too', same(lines('stopped', '2026-11', '--group', 'Tuesday'), ['person,group,date,missed', 'Bob,Tuesday,2026-10-20,5']), lines('stopped', '2026-11'));
	check('months add up', same(lines('months', '2026-2027', '--group', 'Tuesday').slice(1), ['2026-10,4,14,3.5', '2026-11,4,14,3.5']), lines('months', '2026-2027', '--group', 'Tuesday'));
	check('a week begins on Monday', lines('weeks', '2026-11')[1] === '2026-11-02,1,3,3.0', lines('weeks', '2026-11'));
	check('any two dates are a range', same(lines('weeks', '--from', '2026-11-10', '--to', '2026-11-17').length, 3));
	check('a season begins in September', existsSync(join(base, '2026-2027/index.html')) && !existsSync(join(base, '2025-2026')));
	for (const words of [['grid', '2026'], ['people', '2026-13'], ['people', '2025-2027'], ['peeple'], ['people', '2026', '--from', '2026-01-01'], ['people', '--level', 'best'], ['groups', '--group', 'Tuesday'],
		['people', '--from', '2026-05-01', '--to', '2026-04-01']])
		check(`turnout report ${words.join(' ')} is a wrong use, and says why`, turnout(['report', ...words]).code === 2);
	const none = turnout(['report', 'people', '2026', '--group', 'Empty', '--output', 'none.csv']);
	check('a report without dates is refused and leaves no file', none.code === 1 && none.err.includes('2026-01-01') && !existsSync(join(folder, 'none.csv')), none);

	// A club that changes the queries is told what is wrong with them.
	cpSync(join(root, 'templates'), join(folder, 'changed'), { recursive: true });
	const query = join(folder, 'changed/partials/report.sql'), own = readFileSync(query, 'utf8');
	const fails = (why) => {
		const { code, err } = turnout(['report', 'people', '2026', '--templates', 'changed', '--output', 'none.csv']);
		check(`a report whose templates are wrong says why: ${why}`, code === 1 && why.test(err) && !err.includes('is over') && !existsSync(join(folder, 'none.csv')), err);
	};
	writeFileSync(query, own.replace('p.name AS person, f.came,', 'p.name AS person, abs(-9223372036854775807 - 1 + 0 * f.came) AS came,'));
	fails(/report\.sql: .*overflow/);
	writeFileSync(query, own.replace('@query people', '@query persons'));
	fails(/report\.sql.* “people”/);
	rmSync(join(folder, 'changed/pages/report.sql'));
	fails(/pages\/report\.sql/);

	// A mark of one date makes its own reports and later ones again, and no other.
	const old = readFileSync(join(base, '2026-10/index.html'), 'utf8');
	sql(`INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES ((SELECT id FROM run WHERE date = '2026-11-24'), ${id.Bob}, 'mark', 'present', 1795545000, 1795545000, 'host');`);
	const { json } = turnout(['publish', '--json']);
	check('who comes back has not stopped', same(readPage(join(base, '2026-11/index.html')).stopped, []) && readFileSync(join(base, '2026-10/index.html'), 'utf8') === old);
	check('and few pages were made', json.full === false && json.changed < 60, json);
	check('no public page names the reports', spawnSync('grep', ['-rlF', readdirSync(home)[0], join(folder, 'site/public')]).status === 1);
	const exported = readFileSync(join(folder, 'site/private/exports', readdirSync(home)[0], 'index.html'), 'utf8');
	check('the page of exports calls a report one, and nothing all', exported.includes('<td>report, csv</td>') && !exported.includes('<td>all, '));
	check('turnout status has their address', turnout(['status', '--json']).json.reports.endsWith(`/reports/${readdirSync(home)[0]}/`));
	// A date before all of them that is entered after all of them.
	const long = Object.keys(history).at(-1);
	turnout(['calendar', 'add', '--group', 'Tuesday', '--date', '2026-09-29', '--start', '18:30', '--end', '19:30']);
	sql(`INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES ((SELECT id FROM run WHERE date = '2026-09-29'), ${id[long]}, 'mark', 'present', 1790703000, 1790703000, 'host');`);
	turnout(['publish']);
	const later = compare('by hand, entered later', turnout, folder, 'Tuesday', '2026-11', null, base);
	check('who came to an older date is no newcomer, whenever that was entered', same(later.page.newcomers, ['Cy', 'Dee']), later.page.newcomers);
	check('and what was due begins with it', same(row(later.people, long), [1, 4, 25, 0, 0, 0, 0, 0, 3, 2, 2]), row(later.people, long));
	turnout(['person', 'forget', 'Cy', '--yes']);
	turnout(['publish']);
	check('who is forgotten is in no report', spawnSync('grep', ['-rlwF', 'Cy', home]).status === 1);
}

/* Twelve Tuesdays, of which the fifth, 14 October 2025, is cancelled after people came to it: who has an entry there. */
const weeks = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2025, 8, 16) + i * 7 * 86400000).toISOString().slice(0, 10));
const cancelled = weeks[4];
const comers = {
	Always: 'PPPPPPPPPPPP', 'Only Then': '....P.......', 'First Then': '....P....PPP', 'Late Then': 'PP..L.......', 'Excused Then': 'P...E.PP....',
	'Absent Then': '....A.P....P', Sometimes: 'P.P.P.P.P...',
};

/** All files of a site by their path, but for the packed ones. */
function readSaid(site) {
	return new Map(['public', 'private'].flatMap((part) => readdirSync(join(site, part), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
		.filter((path) => !/\.(gz|br)$/.test(path)).map((path) => [path.slice(site.length), readFileSync(path, 'latin1')])));
}
const differ = (one, other) => [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path));

/* A cancelled run is no date: what anybody has at it stays in the register, and counts nowhere. */
function checkCancelled() {
	const folder = makeFolder(), call = caller(folder), db = join(folder, 'db/turnout.db');
	const turnout = (words, options) => call([...words, '--now', '2026-01-20T12:00'], options);
	const sql = (text) => execFileSync('sqlite3', ['-bail', db], { input: text, encoding: 'utf8' });
	const enter = (kind, names) => sql(names.map(([name, date, status]) => `INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof)
		SELECT r.id, p.id, '${kind}', '${status}', strftime('%s', r.date || ' 18:20'), 1, 'host' FROM run AS r, person AS p WHERE r.date = '${date}' AND p.name = '${name}';`).join('\n'));
	const status = { P: 'present', L: 'late', E: 'excused', A: 'absent' };
	turnout(['init', '--name', 'Cancelled', '--zone', 'Europe/London']);
	turnout(['set', 'visibility', 'name']);
	turnout(['group', 'add', 'Tuesday']);
	for (const date of weeks)
		turnout(['calendar', 'add', '--group', 'Tuesday', '--date', date, '--start', '18:30', '--end', '19:30']);
	turnout(['person', 'add', ...Object.keys(comers)]);
	for (const name of Object.keys(comers)) {
		turnout(['person', 'set', name, '--page', 'public']);
		turnout(['person', 'link', name]);
	}
	enter('mark', Object.entries(comers).flatMap(([name, row]) => [...row].flatMap((letter, i) => letter === '.' ? [] : [[name, weeks[i], status[letter]]])));
	const publish = (site = 'site') => {
		const { code, err } = turnout(['publish', '--site', join(folder, site)]);
		if (code !== 0)
			throw new Error(err);
		return readSaid(join(folder, site));
	};
	const heard = publish(), base = join(folder, 'site/private/reports', readdirSync(join(folder, 'site/private/reports'))[0], 'groups/tuesday');
	const { newcomers } = readPage(join(base, '2025-10/index.html'));
	check('before it is cancelled, the date is the first of two', same(newcomers, ['First Then', 'Only Then', 'Absent Then']), newcomers);

	turnout(['calendar', 'cancel', cancelled, '--reason', 'Storm']);
	const after = publish(), anew = publish('anew');
	check('cancelled: the pages that were made again are those of a whole build', same(differ(after, anew), []), differ(after, anew));
	check('cancelled: who came then alone is no newcomer, and who came again is one then', same(readPage(join(base, '2025-10/index.html')).newcomers, ['Absent Then'])
		&& same(readPage(join(base, '2025-11/index.html')).newcomers, ['First Then']));
	check('cancelled: the tenth time of who came to all is the date after', /<b>10[^<]*<\/b>[^<]*<time datetime="2025-11-25"/.test([...after].find(([path, text]) =>
		path.startsWith('/public/people/') && text.includes('<h1><bdi>Always</bdi></h1>'))[1]));
	const people = compare('cancelled', turnout, folder, 'Tuesday', '2025', null, base).people;
	checkBrute('cancelled', turnout, folder, 'Tuesday', '2025-01-01', '2025-12-31', null, people);
	const unlike = people.map((row) => [row, readPerson(join(base, '../../people', sql(`SELECT id FROM person WHERE name = '${row.person}'`).trim(), 'index.html')).lines])
		.filter(([row, lines]) => !same(lines, [['2025, Tuesday', row.came, row.due, `${row.rate}%`, row.late, row.minutes, row.excused,
			String(comers[row.person].replace(/^(.{4})./, '$1').split('A').length - 1)]]));
	check('cancelled: the page of each of them says the same', same(unlike, []), unlike[0]);
	check('cancelled: the register has them all the same', turnout(['export', '--from', cancelled, '--to', cancelled]).out.trim().split('\r\n').length === 1 + 7);
	check('cancelled: the counts are sound', turnout(['doctor']).code === 0, turnout(['doctor']));

	// Nobody had ever come to it.
	const last = publish();
	enter('undo', Object.keys(comers).map((name) => [name, cancelled, 'present']));
	const never = publish(), others = differ(last, never).filter((path) => !/^\/private\/(person\/\w+\/attendance\.(csv|json)|screen\/)/.test(path));
	check('cancelled: no page but the register of who came says another thing than if nobody had come', same(others, []), others);
	check('cancelled: and that says it', differ(last, never).some((path) => path.endsWith('/attendance.csv')));
	check('cancelled: pages without them are those of a whole build, too', same(differ(never, publish('never')), []));

	// It takes place after all, with everybody.
	enter('mark', Object.entries(comers).filter(([, row]) => row[4] !== '.').map(([name, row]) => [name, cancelled, status[row[4]]]));
	turnout(['calendar', 'restore', cancelled]);
	const again = publish(), back = differ(heard, again).filter((path) => /\/(reports|years|history|people|groups|places)\//.test(path) && path.endsWith('.html'));
	check('restored: the figures are those of before', same(back, []), back);
	check('restored: as a whole build has them', same(differ(again, publish('again')), []), differ(again, publish('again')));
}

/*
 * A group that meets each day, from 20 November 2025, and 140 people: too many dates for a grid of a year and for a page of a person, too many people for a list.
 * Person n comes on every n-th date, but the last 120 on one date alone, three times that day.
 */
function checkMany() {
	const folder = makeFolder(), call = caller(folder), db = join(folder, 'db/turnout.db');
	const turnout = (words) => call([...words, '--now', '2026-11-20T12:00']);
	const sql = (text) => execFileSync('sqlite3', ['-bail', db], { input: text, encoding: 'utf8' });
	turnout(['init', '--name', 'Many', '--zone', 'UTC', '--now', '2025-11-01T12:00']);
	turnout(['group', 'add', "Early O'Clock"]);
	for (const start of ['05:00', '06:00', '07:00'])
		turnout(['calendar', 'add', '--group', "Early O'Clock", '--date', '2026-03-02', '--start', start, '--end', `${start.slice(0, 3)}30`]);
	turnout(['calendar', 'add', '--group', "Early O'Clock", '--rule', 'FREQ=DAILY', '--from', '2025-11-20', '--until', '2026-11-19', '--start', '08:00', '--end', '08:30']);
	for (let n = 1; n <= 140; n++)
		sql(`INSERT INTO person (name, folded, initials, created_at) VALUES ('P${n}', 'p${n}', 'P', 1)`);
	sql(`WITH numbered AS (SELECT id, date, start, row_number() OVER (ORDER BY date, start) - 1 AS number FROM run)
		INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof)
		SELECT r.id, p.id, 'mark', 'present', CAST(strftime('%s', r.date || ' ' || r.start) AS INTEGER), 1, 'host' FROM numbered AS r JOIN person AS p
		ON CASE WHEN p.id <= 20 THEN number % p.id = 0 ELSE date = '2026-03-02' AND start < '08:00' END`);
	turnout(['publish']);
	check('many dates: every link leads somewhere', turnout(['publish', '--check']).code === 0);
	const home = join(folder, 'site/private/reports'), base = join(home, readdirSync(home)[0]), group = join(base, 'groups/early-o-clock');

	const year = compare('many dates', turnout, folder, "Early O'Clock", '2026', null, group);
	check('many dates: the page says why, and where they are', year.page.months.length === 11 && year.page.html.includes('more than 60 dates')
		&& decode(year.page.html).includes("turnout report grid 2026 --group 'Early O'\\''Clock' --format xlsx"), year.page.months);
	const month = compare('many dates', turnout, folder, "Early O'Clock", '2026-03', null, group);
	check('many dates: a month has its dates', month.dates.length === 34 && month.page.months === null);
	const rows = (...words) => turnout(['report', ...words, '--group', "Early O'Clock"]).out.trim().split('\r\n').slice(1);
	const march = rows('newcomers', '2026-03'), gone = rows('stopped', '2026-03');
	check('many people: a list of them has a hundred and says how many more, a file has all', march.length === 120 && month.page.newcomers.length === 100
		&& decode(month.page.html).includes("and 20 more; for the whole list, use <code>turnout report newcomers 2026-03 --group 'Early O'\\''Clock'</code>")
		&& gone.length > 120 && month.page.stopped.length === 100 && month.page.html.includes(`and ${gone.length - 100} more; for the whole list, use`), [march.length, gone.length]);
	check('and those of the page are the first of the file', same(month.page.newcomers, march.slice(0, 100).map((row) => row.split(',')[0]))
		&& same(month.page.stopped, gone.slice(0, 100).map((row) => row.split(',')[0])));

	// The pages of people: the latest hundred dates, and each year as its report has it.
	for (const name of ['P1', 'P7']) {
		const { html, lines, dates } = readPerson(join(base, 'people', sql(`SELECT id FROM person WHERE name = '${name}'`).trim(), 'index.html'));
		const of = (range) => readCsv((turnout(['report', 'people', range, '--group', "Early O'Clock", '--output', join(folder, 'of.csv')]), join(folder, 'of.csv'))).find(({ person }) => person === name);
		const [now, then] = [of('2026'), of('2025')], shown = (row) => [row.came, row.due, `${row.rate}%`, row.late, row.minutes, row.excused, '0'];
		check(`the page of ${name} has their years as the reports have them, with the rate of this year so far`, same(lines.map((row) => row.slice(1)), [shown(now), shown(then)]), [lines, now, then]);
		const isMore = Number(now.came) + Number(then.came) > 100;
		check(`and their ${isMore ? 'latest hundred' : ''} dates`, isMore === (name === 'P1') && dates.length === (isMore ? 101 : Number(now.came) + Number(then.came))
			&& isMore === html.includes("turnout export --person &#39;P1&#39;".replaceAll('&#39;', html.includes("--person 'P1'") ? "'" : '&#39;')) && dates[0][0] === 'Thu 19 Nov 2026' === (name === 'P1'), [dates.length, dates[0], dates.at(-1)]);
	}
	// And what somebody sees of themselves, and others of them.
	turnout(['set', 'visibility', 'name']);
	turnout(['person', 'set', 'P1', '--page', 'public']);
	const link = turnout(['person', 'link', 'P1', '--json']).json;
	turnout(['publish']);
	const below = (part, url) => join(folder, 'site', part, new URL(url).pathname);
	for (const [what, file] of [['own', join(below('private', link.page), 'history/index.html')], ['public', join(below('public', link.public_page), 'index.html')]]) {
		const html = readFileSync(file, 'utf8'), sum = [...html.matchAll(/<\/svg>(\d+)<\/td>/g)].reduce((total, [, number]) => total + Number(number), 0);
		check(`the ${what} page of P1 has all months, and a hundred dates, and says so`, sum === 368 && html.match(/<li><a href="[^"]*runs\/[^"]*"><time/g).length === 100
			&& html.includes('<p class="quiet more">The latest 100 dates are listed.</p>') && html.includes('href="../attendance.csv"') === (what === 'own'), [sum]);
	}
	check('all dates are in a file beside it', readCsv(join(below('private', link.page), 'attendance.csv')).length === 368);
	check('many dates: every link still leads somewhere', turnout(['publish', '--check']).code === 0);
	check('the file that the page names has all of them', turnout(['export', '--person', 'P1']).out.trim().split('\r\n').length === 1 + 368);
}

function checkDemo() {
	const folder = makeFolder(), call = caller(folder);
	const turnout = (words) => call([...words, '--now', '2026-11-20T18:31']);
	turnout(['init', '--demo']);
	turnout(['publish']);
	const home = join(folder, 'site/private/reports'), base = join(home, readdirSync(home)[0]);
	const { people } = compare('the demo club', turnout, folder, 'Beginners', '2026', null, join(base, 'groups/beginners'));
	checkBrute('the demo club', turnout, folder, 'Beginners', '2026-01-01', '2026-12-31', null, people);
	const host = compare('the demo club', turnout, folder, 'Beginners', '2026', 'host', join(base, 'groups/beginners'));
	checkBrute('the demo club', turnout, folder, 'Beginners', '2026-01-01', '2026-12-31', 'host', host.people);
	const club = compare('the demo club', turnout, folder, null, '2025-2026', null, join(base, 'club'));
	const sum = (rows, key) => rows.reduce((total, row) => total + Number(row[key]), 0);
	const groups = turnout(['report', 'groups', '2025-2026']).out.trim().split('\r\n').slice(1).map((line) => Number(line.split(',').at(-2)));
	check('the club is the sum of its groups', groups.length === 5 && groups.reduce((a, b) => a + b) === sum(club.people, 'came'), [groups, sum(club.people, 'came')]);
}

function checkToronto() {
	if (!existsSync(toronto)) {
		skip('reports of Toronto’s council', `${toronto} is not here`);
		return;
	}
	const folder = makeFolder(), call = caller(folder);
	const turnout = (words) => call([...words, '--now', '2026-11-20T18:31']);
	turnout(['init', '--name', 'Toronto Council', '--zone', 'America/Toronto']);
	turnout(['import', 'attendance', toronto, '--person', 'First Name,Last Name', '--group', 'Committee', '--date', 'Session Date', '--time', 'Session Start-End Time',
		'--title', 'Session Type', '--status', 'Present', '--present', 'Y', '--absent', 'N']);
	turnout(['publish']);
	const home = join(folder, 'site/private/reports'), base = join(home, readdirSync(home)[0]);
	const { people } = compare('Toronto', turnout, folder, 'City Council', '2023', null, join(base, 'groups/city-council'));
	checkBrute('Toronto', turnout, folder, 'City Council', '2023-01-01', '2023-12-31', null, people);
	compare('Toronto', turnout, folder, null, '2022-2023', null, join(base, 'club'));
}

run(() => {
	checkByHand();
	checkCancelled();
	checkMany();
	checkDemo();
	checkToronto();
});
