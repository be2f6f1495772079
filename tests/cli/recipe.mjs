// SPDX-License-Identifier: ISC
// recipe.mjs: the recipes of the README, followed as they are written there.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caller, check, makeFolder, root, run } from './lib.mjs';

/** The indented block behind the sentence that names `file`. */
function blockFor(readme, file) {
	const lines = readme.slice(readme.indexOf(`\`${file}\``)).split('\n').slice(1);
	const start = lines.findIndex((line) => line.startsWith('    '));
	const end = lines.findIndex((line, at) => at > start && line !== '' && !line.startsWith('    '));
	return `${lines.slice(start, end).map((line) => line.slice(4)).join('\n').trimEnd()}\n`;
}

await run(async () => {
	const folder = makeFolder(), turnout = caller(folder), readme = readFileSync(join(root, 'README.md'), 'utf8');
	const files = ['templates/pages/weekdays.sql', 'templates/pages/weekdays.html'], page = join(folder, 'site/public/weekdays/index.html');
	const now = ['--db', 'club.db', '--now', '2026-11-20T12:00'];

	cpSync(join(root, 'templates'), join(folder, 'templates'), { recursive: true });
	turnout(['init', '--demo', ...now]);
	check('a club without the page is published', turnout(['publish', ...now]).code === 0 && !existsSync(page));
	for (const file of files)
		writeFileSync(join(folder, file), blockFor(readme, file));
	const published = turnout(['publish', ...now, '--json']);
	check('the page of the recipe is published, and no other is touched', published.code === 0 && published.json.changed === 1, published.err);
	const html = existsSync(page) ? readFileSync(page, 'utf8') : '';
	const shares = [...html.matchAll(/<rect width="(\d+)"/g)].map((match) => Number(match[1]));
	check('its chart has a bar a weekday, the longest of 100', shares.length > 0 && Math.max(...shares) === 100, shares);
	check('its numbers are those of the club', [...html.matchAll(/class="n">(\d+)</g)].reduce((sum, match) => sum + Number(match[1]), 0) > 100);
	check('every link of the site leads somewhere', turnout(['publish', '--check', ...now]).code === 0);
	writeFileSync(join(folder, files[1]), readFileSync(join(folder, files[1]), 'utf8').replace('{{share}}', '{{shore}}'));
	const refused = turnout(['publish', ...now]);
	check('a name that no query offers is told with file and line', refused.code !== 0 && /weekdays\.html:10: .*shore/.test(refused.err), refused.err);
});
