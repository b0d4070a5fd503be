-- Every text and blob of people.db that is about a person, under her key: veil()
-- seals it in the copy that goes into a backup, and opens it after a restore. A
-- row about two people needs both keys. Numbers, days and the role in the programme
-- stay as they are: they name nobody. A table that is added to people.db gets its line here
-- (tests/unit/collector_store/test_people_keys sees to it).

UPDATE person SET code = veil(code, id), name = veil(name, id),
    category = veil(category, id), contact = veil(contact, id);
UPDATE former_code SET code = veil(code, person);
UPDATE named SET xml = veil(xml, person);
UPDATE attachment SET name = veil(name, person), body = veil(body, person);
UPDATE forward SET detail = veil(detail, person);
UPDATE openrosa_user SET login = veil(login, person),
    sha256 = veil(sha256, person), md5 = veil(md5, person)
    WHERE person IS NOT NULL;
UPDATE participant SET topics = veil(topics, person);
UPDATE pair_meeting SET
    for_pair = (SELECT veil(for_pair, mentee, mentor) FROM pair
                WHERE pair.id = pair_meeting.pair),
    for_desk = (SELECT veil(for_desk, mentee, mentor) FROM pair
                WHERE pair.id = pair_meeting.pair);
UPDATE pair SET reason = veil(reason, mentee, mentor),
    goals = veil(goals, mentee, mentor), steps = veil(steps, mentee, mentor),
    term = veil(term, mentee, mentor);
UPDATE consent SET recorder = veil(recorder, person);
UPDATE bank_change SET
    who = (SELECT veil(who, person) FROM bank_entry
           WHERE bank_entry.id = bank_change.entry);
UPDATE bank_entry SET topics = veil(topics, person),
    main_topic = veil(main_topic, person), request = veil(request, person),
    merits = veil(merits, person), interests = veil(interests, person),
    times = veil(times, person), form = veil(form, person),
    wishes = veil(wishes, person), results = veil(results, person);
