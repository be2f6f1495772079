// SPDX-License-Identifier: ISC
// reload.mjs: somebody who works on templates sees each change in the open page, and what is wrong with them, without touching the browser.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, comes, makeFolder, openBrowser, require, root, run, startProgram, turnout, zone } from './lib.mjs';

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site'), templates = join(folder, 'templates');
	const file = join(templates, 'pages/home.html'), style = join(templates, 'assets/style.css'), faults = [];

	turnout('init', '--db', db, '--name', 'Test Club', '--zone', zone);
	cpSync(join(root, 'templates'), templates, { recursive: true });
	const whole = readFileSync(file, 'utf8'), plain = readFileSync(style, 'utf8');
	const write = (text) => writeFileSync(file, whole.replace('</h1>', ` ${text}</h1>`));
	const browser = await openBrowser();
	if (!browser)
		return;
	turnout('publish', '--db', db, '--site', site, '--templates', templates);
	let server = await startProgram('turnout', 'watch', '--serve', '--listen', '127.0.0.1:0', '--db', db, '--site', site, '--templates', templates);
	const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
	page.on('pageerror', (error) => faults.push(String(error)));
	page.on('console', (message) => faults.push(...(/Content Security Policy/i.test(message.text()) ? [message.text()] : [])));
	await page.goto(server.origin);
	const shows = (text) => page.waitForFunction((words) => document.querySelector('h1')?.textContent.endsWith(words), text, { timeout: 20000 });

	write('first edit');
	await comes('an edited template is shown by the open page', shows(' first edit'));
	write('second edit');
	await comes('and the next one as well', shows(' second edit'));
	writeFileSync(style, `${plain}\nh1 { letter-spacing: 3px; }\n`);
	await comes('so is a change of the style sheet', page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).letterSpacing === '3px', null, { timeout: 20000 }));

	writeFileSync(file, whole.replace('{{/main}}', ''));
	const alert = page.getByRole('alert');
	await comes('a broken template is told on the page', alert.waitFor({ timeout: 20000 }));
	check('with file and line', /home\.html:\d+/.test(await alert.innerText()), await alert.innerText());
	const box = await alert.boundingBox();
	check('at the bottom of the window, over its whole width', box !== null && box.x === 0 && box.width === 390 && box.y + box.height === 844, box);
	check('the page behind it is the old one', (await page.innerText('h1')).endsWith(' second edit'));
	await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
	const { violations } = await page.evaluate(() => window.axe.run());
	check('axe finds nothing in it', violations.length === 0, violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]));
	write('third edit');
	await comes('put right, the new page is shown', shows(' third edit'));
	check('and the sentence is gone', await alert.count() === 0);
	writeFileSync(file, whole.replace('{{/main}}', ''));
	await alert.waitFor({ timeout: 20000 });
	write('third edit');
	await comes('taken back, the sentence goes too', alert.waitFor({ state: 'detached', timeout: 20000 }));

	await server.stop();
	write('while it was away');
	server = await startProgram('turnout', 'watch', '--serve', '--listen', `127.0.0.1:${server.port}`, '--db', db, '--site', site, '--templates', templates);
	await comes('after a restart the page catches up', shows(' while it was away'));
	check('the page broke no rule and threw no error', faults.length === 0, faults);
});
