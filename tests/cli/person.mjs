// SPDX-License-Identifier: ISC
// person.mjs: people have a page of their own at a secret address, and a public one when they ask for it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { check, makeClub, makeFolder, run } from './lib.mjs';

const now = '2026-11-20T18:10';
const address = 'https://runs.example.org';

function checkLink() {
	const turnout = makeClub(now, '--address', address);
	const link = (...words) => turnout(['person', 'link', 'Ada Lovelace', ...words]);

	turnout(['person', 'add', 'Ada Lovelace', 'Grace Hopper']);
	let result = turnout(['person', 'link', 'Nobody Here']);
	check('somebody unknown has no page, and it is said', result.code === 1 && result.out === '' && result.err.includes('Nobody Here'), result);
	result = link('--remove');
	check('--remove where there is none says so and ends with 0', result.code === 0 && result.out === '' && result.err.includes('no page'), result);
	const first = link();
	check('person link prints an address of 128 bits', first.code === 0 && first.err === '' &&
		/^https:\/\/runs\.example\.org\/person\/[0-9A-HJKMNP-TV-Z]{26}\/\n$/.test(first.out), first);
	check('it stays the same', link().out === first.out);
	check('another person has another', turnout(['person', 'link', 'Grace Hopper']).out !== first.out);
	check('--json says the same, and that there is no public page', link('--json').json.page === first.out.trim() && link('--json').json.public_page === '');
	for (const flag of ['--revoke', '--remove']) {
		result = link(flag);
		check(`${flag} without a terminal and without --yes ends with 2 and changes nothing`, result.code === 2 && result.err.includes('--yes') &&
			link().out === first.out, result);
	}
	result = link('--revoke', '--remove', '--yes');
	check('both at once end with 2 and change nothing', result.code === 2 && link().out === first.out, result);
	const second = link('--revoke', '--yes');
	check('--revoke --yes prints another address, for good', second.code === 0 && second.out !== first.out && link().out === second.out, second);
	result = link('--remove', '--yes');
	check('--remove --yes takes it away', result.code === 0 && result.out === '' && link('--remove', '--json').json.page === '', result);
	check('and the next one is new again', ![first.out, second.out].includes(link().out));
}

function checkPage() {
	const turnout = makeClub(now, '--address', address);
	const set = (...words) => turnout(['person', 'set', 'Ada Lovelace', ...words]);
	const pageOf = () => turnout(['person', 'link', 'Ada Lovelace', '--json']).json.public_page;

	turnout(['person', 'add', 'Ada Lovelace']);
	let result = set('--page', 'open');
	check('--page takes public or private alone', result.code === 2 && result.err.includes('public or private') && pageOf() === '', result);
	result = set('--page', 'public');
	check('in a club that shows nobody a public page waits for --visibility, and it is said', result.code === 0 && result.err.includes('--visibility') && pageOf() === '', result);
	result = set('--visibility', 'name', '--page', 'public');
	const page = pageOf();
	check('with a name to show there is an address, and it is said', /^https:\/\/runs\.example\.org\/people\/[0-9A-HJKMNP-TV-Z]{10}\/$/.test(page) && result.err.includes(page), [page, result]);
	set('--page', 'public');
	check('asked for again it stays the same', pageOf() === page);
	set('--visibility', 'hidden');
	check('whoever hides has none', pageOf() === '');
	set('--visibility', '');
	turnout(['set', 'visibility', 'initials']);
	check('and the old one when shown again, also by the club', pageOf() === page);
	set('--page', 'private');
	check('--page private takes it away', pageOf() === '');
	set('--page', 'public');
	check('for good: the next one is elsewhere', pageOf() !== page && pageOf() !== '');
}

/* Six Fridays of a group, of which Ada missed the third, and was excused from the fifth; another group twice, half a year ago. */
function checkSite() {
	const turnout = makeClub(now, '--address', address), site = join(makeFolder(), 'site');
	const publish = () => turnout(['publish', '--site', site]);
	const pathOf = (url, part, file = 'index.html') => join(site, part, new URL(url).pathname, file);
	const fridays = ['2026-10-09', '2026-10-16', '2026-10-23', '2026-10-30', '2026-11-06', '2026-11-13'];
	const marks = [['Hills', '2026-05-04', 'P'], ['Hills', '2026-05-11', 'A'], ...fridays.map((date, i) => ['Social', date, 'PPAPEL'[i]])];
	turnout(['import', 'attendance', '-', '--person', 'who', '--group', 'group', '--date', 'date', '--start', 'start', '--end', 'end', '--status', 'status',
		'--present', 'P', '--late', 'L', '--absent', 'A', '--excused', 'E'],
	{ input: `who,group,date,start,end,status\n${marks.map(([group, date, mark]) => `Ada Lovelace,${group},${date},18:30,19:30,${mark}\nBo,${group},${date},18:30,19:30,P\n`).join('')}` });
	turnout(['calendar', 'add', '--group', 'Social', '--date', '2026-11-27', '--start', '18:30', '--end', '19:30']);
	turnout(['calendar', 'add', '--group', 'Tempo', '--date', '2026-11-27', '--start', '18:30', '--end', '19:30']);
	turnout(['person', 'set', 'Ada Lovelace', '--visibility', 'name', '--page', 'public']);
	const { page, public_page } = turnout(['person', 'link', 'Ada Lovelace', '--json']).json;
	publish();

	const html = readFileSync(pathOf(page, 'private'), 'utf8');
	for (const words of ['<b>5</b> times', '<b>71%</b> of the dates', '<b>2</b> in a row now', '<b>2</b> in a row, best so far', 'Next: 10 times'])
		check(`the page says ${words.replace(/<[^>]*>|&nbsp;/g, '')}`, html.includes(words), html.match(/<ul class="split large">[^]*?<\/ul>/)?.[0]);
	check('and a dot for each of the latest dates that count', html.includes('>●●○●●<') && html.includes('>●○<'));
	check('no search engine lists it, and no other site hears of it', html.includes('content="noindex"') && html.includes('content="no-referrer"'));
	const history = readFileSync(pathOf(page, 'private', 'history/index.html'), 'utf8');
	check('its history has all eight dates', [...history.matchAll(/<li>/g)].length === 8 && history.includes('excused') && history.includes('late, '));
	const lines = (text) => text.replaceAll('\r', '').trim().split('\n');
	const csv = lines(readFileSync(pathOf(page, 'private', 'attendance.csv'), 'utf8'));
	const register = lines(turnout(['export']).out).map((line) => line.split(',')).filter((line, i) => i === 0 || line[7] === 'Ada Lovelace')
		.map(([date, start, end, zone, group, title, place, , ...rest]) => [date, start, end, zone, group, title || group, place, ...rest].join(','));
	check('the CSV is what turnout export has of this person', csv.join('\n') === register.join('\n'), [csv.slice(0, 2), register.slice(0, 2)]);
	const json = JSON.parse(readFileSync(pathOf(page, 'private', 'attendance.json'), 'utf8'));
	check('the JSON has the same', json.person === 'Ada Lovelace' && json.attendance.length === 8 &&
		json.attendance.map(({ date, status }) => `${date} ${status}`).join() === csv.slice(1).map((line) => `${line.split(',')[0]} ${line.split(',')[7]}`).join(), json);
	const starts = [...readFileSync(pathOf(page, 'private', 'calendar.ics'), 'utf8').matchAll(/^DTSTART;TZID=[^:]*:(\d{8})/gm)].map(([, date]) => date);
	check('the calendar has what she came to, and what comes in her groups', starts.join() === '20260504,20261009,20261016,20261030,20261113,20261127', starts);

	const open = readFileSync(pathOf(public_page, 'public'), 'utf8');
	check('the public page has the same numbers and the five dates she came to', open.includes('<b>5</b> times') && [...open.matchAll(/<li><a [^>]*><time/g)].length === 5);
	check('and no data', !existsSync(pathOf(public_page, 'public', 'attendance.csv')));
	const files = readdirSync(join(site, 'public'), { recursive: true }).map((name) => join(site, 'public', name)).filter((name) => statSync(name).isFile());
	const secret = new URL(page).pathname.split('/')[2];
	check('the secret address is in no public file', files.length > 20 && files.every((name) => !readFileSync(name, 'latin1').includes(secret)));
	const other = turnout(['person', 'link', 'Ada Lovelace', '--revoke', '--yes']).out.trim();
	publish();
	check('a new address is all there is after the next publish', existsSync(pathOf(other, 'private')) && !existsSync(pathOf(page, 'private', '')) &&
		readdirSync(join(site, 'private', 'person')).length === 1);
	turnout(['person', 'set', 'Ada Lovelace', '--visibility', 'hidden']);
	turnout(['person', 'link', 'Ada Lovelace', '--remove', '--yes']);
	publish();
	check('hidden and taken away, no page is left', !existsSync(join(site, 'public', 'people')) && !existsSync(join(site, 'private', 'person')));
	turnout(['person', 'link', 'Ada Lovelace']);
	publish();
	const { code, err } = turnout(['person', 'forget', 'Ada Lovelace', '--yes']);
	publish();
	check('and none of whoever is forgotten', code === 0 && !existsSync(join(site, 'private', 'person')), err);
}

/* Cy was absent on the first Friday and came on the second. */
function checkSince() {
	const turnout = makeClub(now, '--address', address), site = join(makeFolder(), 'site');
	const sheet = 'who,date,start,status\nCy,2026-11-06,18:30,A\nCy,2026-11-13,18:30,P\n';

	turnout(['import', 'attendance', '-', '--person', 'who', '--group-name', 'Social', '--date', 'date', '--start', 'start', '--status', 'status',
		'--present', 'P', '--absent', 'A'], { input: sheet });
	const url = turnout(['person', 'link', 'Cy']).out.trim();
	turnout(['publish', '--site', site]);
	const text = readFileSync(join(site, 'private', new URL(url).pathname, 'index.html'), 'utf8');
	check('dates count from the first entry, be it an absence, and the page says so', text.includes('<b>50%</b> of the dates') &&
		text.includes('from the first entry in each'), text);
}

run(() => {
	checkSite();
	checkSince();
	checkLink();
	checkPage();
});
