// SPDX-License-Identifier: ISC
// language.mjs: pages in the club's language: every file has English's keys and tags, plurals are CLDR's, and another language renders all pages
// again.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, makeFolder, readTree, root, run } from './lib.mjs';

const languages = ['ar', 'de', 'en', 'es', 'fr', 'zh'], categories = ['zero', 'one', 'two', 'few', 'many', 'other'];
const now = ['--db', 'club.db', '--now', '2026-11-20T12:00'];
const words = (language) => JSON.parse(readFileSync(join(root, `templates/messages/${language}.json`), 'utf8'));

/** All forms of a text: those by number and by what a column says too. */
const forms = (text) => typeof text === 'string' ? [text] : Object.entries(text).filter(([key]) => !['count', 'select'].includes(key)).flatMap(([, each]) => forms(each));

/** The columns a text inserts, {{NAME}}, and what a script does, {NAME}, in any of its forms. */
const tags = (text) => [...new Set(forms(text).flatMap((form) => [...form.matchAll(/{?{(.*?)}/g)].map((match) => match[1].replace(/\.(number|percent)$/, ''))))].sort().join();

/** The plurals in a text. */
const plurals = (text) => typeof text === 'string' ? [] : 'count' in text ? [text] : Object.values(text).flatMap(plurals);

function checkFile(language, english) {
	const { locale, ...own } = words(language), rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories;

	check(`${language}: the keys are English's`, Object.keys(own).sort().join() === Object.keys(english).sort().join());
	const others = Object.keys(english).filter((key) => tags(own[key] ?? '') !== tags(english[key]));
	check(`${language}: each text has the tags of the English one`, others.length === 0, others);
	const wrong = Object.values(own).flatMap(plurals).filter((text) => Object.keys(text).filter((key) => key !== 'count').sort().join() !== [...rules].sort().join());
	check(`${language}: each plural has the categories of the language`, wrong.length === 0, wrong);
	const plain = Object.entries(own).filter(([, text]) => plurals(text).some((each) => JSON.stringify(each).includes(`{{${each.count}}}`))).map(([key]) => key);
	check(`${language}: each plural writes its number as the language does`, plain.length === 0, plain);
	check(`${language}: dates and numbers are there`, (locale !== undefined) === (language !== 'en'));
	const same = Object.keys(english).filter((key) => language !== 'en' && JSON.stringify(own[key]) === JSON.stringify(english[key]));
	check(`${language}: few texts are the English ones`, same.length < 25, same);
}

/** A site of one page: every day of two years and some numbers, against Intl. */
function checkDates(language) {
	const folder = makeFolder(), turnout = caller(folder), tag = { en: 'en-GB', ar: 'ar-u-nu-latn' }[language] ?? language;
	const long = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, short = { weekday: 'short', day: 'numeric', month: 'short' },
		full = { ...short, year: 'numeric' };
	const asked = { date_words: long, date_short: short, day_words: { day: 'numeric', month: 'long' }, day_short: { day: 'numeric', month: 'short' },
		day_year: { day: 'numeric', month: 'short', year: 'numeric' }, month_words: { month: 'long', year: 'numeric' }, month_name: { month: 'long' },
		month_letter: { month: 'narrow' }, weekday_name: { weekday: 'long' } };
	const put = (path, text) => writeFileSync(join(folder, 'templates', path), text);

	for (const part of ['pages', 'partials', 'assets'])
		mkdirSync(join(folder, 'templates', part), { recursive: true });
	cpSync(join(root, 'templates/messages'), join(folder, 'templates/messages'), { recursive: true });
	put('pages/all.txt', '{{#days}}\n{{date}}|{{date_near}}|{{field}}' + Object.keys(asked).map((name) => `|{{${name}}}`).join('')
		+ '\n{{/days}}\n{{#numbers}}\n{{number}}|{{number.number}}|{{number.percent}}\n{{/numbers}}\n');
	put('pages/all.sql', `-- @page public all.txt\n-- @query keys\nSELECT 'all' AS key WHERE :since = 0\n-- @query page
SELECT key FROM temp.touched\n-- @query days
WITH RECURSIVE d(date) AS (SELECT '2027-01-01' UNION ALL SELECT date_add(date, 1) FROM d WHERE date < '2028-12-31') SELECT date,
date_near(date, '2026-01-01', :language) AS date_near, week_field(date, :language) AS field,
${Object.keys(asked).map((name) => `${name}(date, :language) AS ${name}`).join()} FROM d\n-- @query numbers
SELECT value AS number FROM json_each('[0, 7, 85, 999, "1000", "1234.5", "12345", "1234567", "45678.25"]')\n`);
	turnout(['init', '--name', 'Club', '--language', language, ...now]);
	const made = turnout(['publish', '--templates', 'templates', ...now]);
	const lines = made.code !== 0 ? [] : readFileSync(join(folder, 'site/public/all.txt'), 'utf8').trimEnd().split('\n').map((line) => line.split('|'));
	// English is that of a British club, without the comma behind the weekday, which CLDR had not until lately, and with a month of three letters.
	const english = (text) => language === 'en' ? text.replace(/(?<=[a-z]),/, '').replace('Sept ', 'Sep ').replace(/Sept$/, 'Sep') : text;
	const formats = new Map();		// each is made once, which takes as long as to write some hundred dates
	const formatOf = (options) => formats.get(options) ?? formats.set(options, new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options })).get(options);
	const write = (options, date) => english(formatOf(options).format(new Date(`${date}T12:00Z`)));
	const locale = new Intl.Locale(tag), first = (locale.getWeekInfo?.() ?? locale.weekInfo).firstDay;
	const days = lines.slice(0, -9), wrong = days.filter(([date, near, field, ...texts]) => near !== write(full, date)
		|| Number(field) !== (new Date(`${date}T12:00Z`).getUTCDay() - first + 7) % 7 || Object.values(asked).some((options, i) => texts[i] !== write(options, date)));
	check(`${language}: 731 days are written as by Intl, and weeks begin on the same day`, days.length === 731 && wrong.length === 0,
		made.err || [wrong.length, wrong[0], wrong[0] && Object.values(asked).map((options) => write(options, wrong[0][0]))]);
	const numbers = lines.slice(-9).filter(([number, text, percent]) => text !== new Intl.NumberFormat(tag).format(number)
		|| percent !== new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2 }).format(number / 100));
	check(`${language}: numbers and percents are written as by Intl`, lines.length === 740 && numbers.length === 0, numbers);
}

/** Scripts have no sentence of their own, and what they are given fits into an attribute. */
function checkScripts(english) {
	const used = new Set();
	for (const name of ['form.html', 'screen.html', 'host.html', 'home.html', 'run.html', 'history.html'])
		for (const [, key] of readFileSync(join(root, 'templates/pages', name), 'utf8').matchAll(/ (?:data-[\w-]+|aria-label)="{{t\.(\w+)}}"/g))
			used.add(key);
	check('scripts are given their words', used.size > 50, used.size);
	for (const language of languages) {
		const own = words(language), bad = [...used].filter((key) => key in english && /["<&]/.test(own[key]));
		check(`${language}: what stands in an attribute ends nowhere else`, bad.length === 0, bad);
	}
	for (const name of ['form.js', 'form-more.js', 'screen.js', 'host.js', 'live.js', 'filter.js']) {
		const code = readFileSync(join(root, 'templates/assets', name), 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
		const said = [...code.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(([, plain, filled]) => (plain ?? filled).replace(/\$\{.*?\}/g, ''))
			.filter((text) => /[A-Za-z]{2,},? [a-z]{2,}|[A-Z][a-z]+ …|^[A-Z][a-z]{2,}[ :]/.test(text));
		check(`${name} has no sentence of its own`, said.length === 0, said);
	}
}

/** A site of one page: the numbers to 1,100 and some millions, with their categories. */
function checkPlurals(language) {
	const folder = makeFolder(), turnout = caller(folder), rules = new Intl.PluralRules(language);
	const put = (path, text) => writeFileSync(join(folder, 'templates', path), text);

	for (const part of ['pages', 'partials', 'assets', 'messages'])
		mkdirSync(join(folder, 'templates', part), { recursive: true });
	const message = { n: { count: 'number', ...Object.fromEntries(categories.map((each) => [each, `{{number}} ${each}`])) } };
	put('messages/en.json', JSON.stringify(message));
	put(`messages/${language}.json`, JSON.stringify(message));
	put('pages/all.html', '{{#numbers}}\n{{t.n}}\n{{/numbers}}\n');
	put('pages/all.sql', `-- @page public index.html\n-- @query keys\nSELECT 'all' AS key WHERE :since = 0\n-- @query page
SELECT key FROM temp.touched\n-- @query numbers
WITH RECURSIVE n(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM n WHERE number < 1100) SELECT number FROM n
UNION ALL SELECT 1000000 UNION ALL SELECT 1000001 UNION ALL SELECT 3000000\n`);
	turnout(['init', '--name', 'Club', '--language', language, ...now]);
	const made = turnout(['publish', '--templates', 'templates', ...now]);
	const lines = made.code !== 0 ? [] : readFileSync(join(folder, 'site/public/index.html'), 'utf8').trim().split('\n');
	const wrong = lines.filter((line) => line.split(' ')[1] !== rules.select(Number(line.split(' ')[0])));
	check(`${language}: 1,104 numbers have the categories of Intl`, lines.length === 1104 && wrong.length === 0, made.err || wrong.slice(0, 5));
}

/** Nothing in a style sheet says left or right: sides follow the text. */
function checkStyle(name) {
	const style = readFileSync(join(root, 'templates/assets', name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replaceAll('to top right', '');
	const sides = [...style.matchAll(/[^;{}]*\b(?:left|right)\b[^;{}]*/g)].map(([rule]) => rule.trim()).filter((rule) => !/#left|^(text-)?align-self/.test(rule));
	check(`${name} names no side`, sides.length === 0, sides);
	const sheared = [...style.matchAll(/\b(padding|margin|border-radius|inset):((?: [^ ;]+){4});/g)].filter(([, , values]) => values.split(' ')[2] !== values.split(' ')[4]);
	check('and no four lengths of which the second is not the fourth', sheared.length === 0, sheared.map(([rule]) => rule));
}

/** Commas and colons are among the words of a language: no page has one of its own between two of them. */
function checkMarks() {
	const own = ['pages', 'partials'].flatMap((part) => readdirSync(join(root, 'templates', part)).filter((name) => name.endsWith('.html'))
		.flatMap((name) => [...readFileSync(join(root, 'templates', part, name), 'utf8').replace(/\{\{![\s\S]*?\}\}/g, '')
			.matchAll(/.{0,20}(?:\}\}|>)[,:] .{0,20}/g)].map(([text]) => `${name}: ${text}`)));
	check('no page has a comma or a colon of its own', own.length === 0, own);
}

await run(async () => {
	for (const name of ['style.css', 'report.css', 'screen.css'])
		checkStyle(name);
	checkMarks();
	const folder = makeFolder(), turnout = caller(folder), english = words('en');
	const page = (path) => readFileSync(join(folder, 'site/public', path), 'utf8');

	check('there are six languages', readdirSync(join(root, 'templates/messages')).sort().join() === languages.map((each) => `${each}.json`).join());
	checkScripts(english);
	for (const language of languages) {
		checkFile(language, english);
		checkPlurals(language);
		checkDates(language);
	}

	cpSync(join(root, 'templates'), join(folder, 'templates'), { recursive: true });
	turnout(['init', '--demo', ...now]);
	turnout(['publish', ...now]);
	const before = readTree(join(folder, 'site/public'));
	check('a club is English at first', page('groups/index.html').includes('<html lang="en" dir="ltr">'));
	turnout(['set', 'language', 'ar', ...now]);
	const arabic = turnout(['publish', ...now]);
	check('a club in Arabic reads from right to left', arabic.code === 0 && page('groups/index.html').includes('<html lang="ar" dir="rtl">'), arabic.err);
	check('its words are Arabic', page('groups/index.html').includes(`<h1>${words('ar').groups}</h1>`));
	const own = words('ar'), reports = join(folder, 'site/private/reports'), report = readFileSync(join(reports, readdirSync(reports)[0], 'groups/beginners/2026/index.html'), 'utf8');
	for (const mark of ['late', 'excused', 'absent'])
		check(`a report marks who was ${mark} with an Arabic letter, which its legend has`, report.includes(`<i class="${mark}">${own[`mark_${mark}`]}</i>`)
			&& report.includes(`<td class=${mark}>${own[`mark_${mark}`]}<`) && !new RegExp(`<td class=${mark}>[A-Z]`).test(report));
	check('and has the levels of proof in Arabic', report.includes(`<td>${own.report_level_name.printed}</td>`) && !report.includes('<td>printed</td>'));
	turnout(['set', 'language', 'de-AT', ...now]);
	turnout(['publish', ...now]);
	check('a region speaks its language', page('groups/index.html').includes('<html lang="de-AT" dir="ltr">') && page('groups/index.html').includes('<h1>Gruppen</h1>'));
	turnout(['set', 'language', 'en', ...now]);
	turnout(['publish', ...now]);
	const after = readTree(join(folder, 'site/public'));
	check('back in English every page is as it was', [...before.keys()].join() === [...after.keys()].join()
		&& [...before].every(([path, bytes]) => after.get(path).equals(bytes)));

	// What is said of the files of messages; the size of the club is nothing to them.
	const small = ['--db', 'small.db', '--site', 'small', ...now];
	turnout(['init', '--name', 'Small', ...small.slice(0, 2), ...now]);
	check('the check is content with all languages', turnout(['publish', '--check', ...small]).code === 0);
	const put = (words) => writeFileSync(join(folder, 'templates/messages/de.json'), JSON.stringify(words, null, 1));
	put({ ...words('de'), home: undefined, hone: 'Heim' });
	const line = 1 + readFileSync(join(folder, 'templates/messages/en.json'), 'utf8').split('\n').findIndex((each) => each.startsWith('"home":'));
	const lacking = turnout(['publish', '--check', ...small]);
	check('a missing key is a problem, named with file and line', lacking.code !== 0 && lacking.out.includes(`messages/en.json:${line}: “home” is missing in de.json`), lacking.out + lacking.err);
	check('and so is one that English does not have', /messages\/de\.json:\d+: “hone” is not in en\.json/.test(lacking.out), lacking.out);
	const { comma, ...locale } = words('de').locale;
	put({ ...words('de'), skip: '{{zone}}', days_with: { count: 'run_days', other: '{{run_days}}', two: '{{run_days}}' }, locale: { ...locale, commo: comma } });
	const { out } = turnout(['publish', '--check', ...small]);
	for (const sentence of ['“skip” has other tags than in en.json', '“days_with” has a text for “two”, which is no plural category of the language',
		'“days_with” has no text for the plural category “one”', '“comma” is missing in “locale” of de.json', '“commo” is nothing that “locale” has, in de.json'])
		check(`the check says: ${sentence}`, out.split('\n').some((each) => /^\S*messages\/de\.json:\d+: /.test(each) && each.endsWith(sentence)), out);
	put(words('de'));

	// A group's own language, and what readers may choose.
	const refused = [turnout(['set', 'languages', 'de,de', ...now]), turnout(['set', 'languages', 'de-CH,de,de', ...now]), turnout(['set', 'languages', 'de;fr', ...now]), turnout(['group', 'set', 'Beginners', '--language', '!', ...now])];
	check('what is no list of languages is refused, and what is no language', refused.every(({ code }) => code === 2), refused);
	turnout(['group', 'set', 'Beginners', '--language', 'fr', ...now]);
	turnout(['publish', ...now]);
	const feed = (path) => page(path).match(/DESCRIPTION:[^\r]*Ice/)?.[0];
	check('a group speaks its language: its page, its year, its runs, its calendar', page('groups/beginners/index.html').includes('<html lang="fr" dir="ltr">')
		&& page('groups/beginners/2026/index.html').includes('<html lang="fr"') && page('runs/2026-11-22/beginners-1000-couch-to-5-km/index.html').includes('dimanche 22 novembre 2026')
		&& feed('groups/beginners/calendar.ics') === 'DESCRIPTION:Annulé\u00a0: Ice', feed('groups/beginners/calendar.ics'));
	check('all else speaks the club’s', page('groups/index.html').includes('<html lang="en"') && feed('calendar.ics') === 'DESCRIPTION:Cancelled: Ice'
		&& !existsSync(join(folder, 'site/public/en')), feed('calendar.ics'));
	turnout(['set', 'languages', 'zh,ar', ...now]);
	const offered = turnout(['publish', ...now]);
	check('what readers may choose is there, the club’s language too, since a group has another', offered.code === 0 && ['en', 'zh', 'ar'].every((each) =>
		page(`${each}/groups/beginners/index.html`).includes(`<html lang="${each}"`)), offered.err);
	const alternates = [...page('zh/groups/beginners/index.html').matchAll(/<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">/g)].map(([, ...both]) => both.join(' '));
	check('each page names its alternates', alternates.join() === ['en', 'zh', 'ar'].map((each) => `${each} http://127.0.0.1:8010/${each}/groups/beginners/`)
		.concat('x-default http://127.0.0.1:8010/groups/beginners/').join(), alternates);
	check('a number of Arabic’s six kinds has its words there', page('ar/groups/beginners/index.html').includes('أشخاص'));
	check('names are the same in all of them', page('ar/groups/index.html').includes('<bdi>Beginners</bdi>'));
	turnout(['set', 'languages', '', ...now]);
	turnout(['group', 'set', 'Beginners', '--language', '', ...now]);
	turnout(['publish', ...now]);
	check('and without a choice the site is as before', [...readTree(join(folder, 'site/public'))].every(([path, bytes]) => before.get(path)?.equals(bytes)));

	writeFileSync(join(folder, 'templates/messages/en.json'), JSON.stringify({ ...english, home: undefined }));
	const broken = turnout(['publish', ...now]);
	check('a key that English lacks is named with file and line', broken.code !== 0 && /frame\.html:\d+: .*“home”/.test(broken.err), broken.err);
});
