// SPDX-License-Identifier: ISC
// language.mjs: pages in the club's language: every file has English's keys and tags, plurals are CLDR's, and another language makes all pages again.
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, makeFolder, readTree, root, run } from './lib.mjs';

const languages = ['ar', 'de', 'en', 'es', 'fr', 'zh'], categories = ['zero', 'one', 'two', 'few', 'many', 'other'];
const now = ['--db', 'club.db', '--now', '2026-11-20T12:00'];
const words = (language) => JSON.parse(readFileSync(join(root, `templates/messages/${language}.json`), 'utf8'));

/** The columns a text inserts, {{NAME}}, and what a script does, {NAME}; a plural's by its "other". */
const tags = (text) => [...new Set([...(text.other ?? text).matchAll(/{?{(.*?)}/g)].map((match) => match[1]))].sort().join();

function checkFile(language, english) {
	const own = words(language), rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories;

	check(`${language}: the keys are English's`, Object.keys(own).sort().join() === Object.keys(english).sort().join());
	check(`${language}: each text has the tags of the English one`,
		Object.keys(english).filter((key) => tags(own[key] ?? '') !== tags(english[key])).join() === '');
	const plurals = Object.entries(own).filter(([, text]) => typeof text === 'object');
	check(`${language}: each plural has the categories of the language`, plurals.every(([, text]) =>
		Object.keys(text).filter((key) => key !== 'count').sort().join() === [...rules].sort().join()), rules);
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

await run(async () => {
	const folder = makeFolder(), turnout = caller(folder), english = words('en');
	const page = (path) => readFileSync(join(folder, 'site/public', path), 'utf8');

	check('there are six languages', readdirSync(join(root, 'templates/messages')).sort().join() === languages.map((each) => `${each}.json`).join());
	checkScripts(english);
	for (const language of languages) {
		checkFile(language, english);
		checkPlurals(language);
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
	turnout(['set', 'language', 'de-AT', ...now]);
	turnout(['publish', ...now]);
	check('a region speaks its language', page('groups/index.html').includes('<html lang="de-AT" dir="ltr">') && page('groups/index.html').includes('<h1>Gruppen</h1>'));
	turnout(['set', 'language', 'en', ...now]);
	turnout(['publish', ...now]);
	const after = readTree(join(folder, 'site/public'));
	check('back in English every page is as it was', [...before.keys()].join() === [...after.keys()].join()
		&& [...before].every(([path, bytes]) => after.get(path).equals(bytes)));

	check('the check is content with all languages', turnout(['publish', '--check', ...now]).code === 0);
	const put = (words) => writeFileSync(join(folder, 'templates/messages/de.json'), JSON.stringify(words, null, 1));
	put({ ...words('de'), home: undefined, hone: 'Heim' });
	const line = 1 + readFileSync(join(folder, 'templates/messages/en.json'), 'utf8').split('\n').findIndex((each) => each.startsWith('"home":'));
	const lacking = turnout(['publish', '--check', ...now]);
	check('a missing key is a problem, named with file and line', lacking.code !== 0 && lacking.out.includes(`messages/en.json:${line}: “home” is missing in de.json`), lacking.out + lacking.err);
	check('and so is one that English does not have', /messages\/de\.json:\d+: “hone” is not in en\.json/.test(lacking.out), lacking.out);
	put(words('de'));

	writeFileSync(join(folder, 'templates/messages/en.json'), JSON.stringify({ ...english, home: undefined }));
	const broken = turnout(['publish', ...now]);
	check('a key that English lacks is named with file and line', broken.code !== 0 && /frame\.html:\d+: .*“home”/.test(broken.err), broken.err);
});
