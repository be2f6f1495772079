// SPDX-License-Identifier: ISC
// person.mjs: people have a page of their own at a secret address, and a public one when they ask for it.
import { check, makeClub, run } from './lib.mjs';

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

run(() => {
	checkLink();
	checkPage();
});
