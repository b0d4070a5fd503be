#ifndef ANKETA_COLLECTOR_STORE_SQL_PEOPLE_H
#define ANKETA_COLLECTOR_STORE_SQL_PEOPLE_H

/*
 * SQL of people, their consents and the banks: a part of the table in sql.c.
 * Only for that file.
 */
#define SQL_ENTRY_COLUMNS                                                     \
    "bank_entry.id, person, name, contact, category, bank, entered_ms, "      \
    "ended_ms, topics, main_topic, request, merits, interests, times, form, " \
    "places, hours, wishes, results, EXISTS (SELECT 1 FROM consent WHERE "    \
    "consent.person = bank_entry.person AND consent.bank = bank_entry.bank) " \
    "FROM bank_entry JOIN person ON person.id = person"

#define SQL_PEOPLE_STATEMENTS                                                                              \
    [SQL_PERSON_ADD] =                                                                                     \
        "INSERT INTO person (code, name, role, category, contact) VALUES "                                 \
        "(?1, ?2, ?3, ifnull(?4, ''), ifnull(?5, '')) RETURNING id",                                       \
    [SQL_PERSON_FIND] =                                                                                    \
        "SELECT id FROM person WHERE code = ?1 UNION ALL SELECT person FROM former_code WHERE code = ?1",  \
    [SQL_CODE_TAKEN] = "SELECT person FROM former_code WHERE code = ?1",                                   \
    [SQL_FORMER_ADD] =                                                                                     \
        "INSERT INTO former_code (code, person) SELECT code, id FROM person WHERE id = ?1 AND code <> ?2", \
    [SQL_FORMER_LIST] =                                                                                    \
        "SELECT code FROM former_code WHERE person = ?1 UNION ALL SELECT code FROM person WHERE id = ?1",  \
    [SQL_RETIRED_LIST] = "SELECT hash FROM retired ORDER BY hash",                                         \
    [SQL_PERSON_COUNT] = "SELECT count(*) FROM person",                                                    \
    [SQL_PERSON_LIST] = "SELECT id, code, name, role, category, contact FROM "                             \
                        "person ORDER BY name, id",                                                        \
    [SQL_PERSON_GET] = "SELECT id, code, name, role, category, contact FROM "                              \
                       "person WHERE id = ?1",                                                             \
    [SQL_PERSON_UPDATE] =                                                                                  \
        "UPDATE person SET code = ?2, name = ?3, role = ?4, category = "                                   \
        "ifnull(?5, ''), contact = ifnull(?6, '') WHERE id = ?1",                                          \
    [SQL_PERSON_ERASE] = "DELETE FROM person WHERE id = ?1",                                               \
    [SQL_RETIRED_HAS] = "SELECT 1 FROM retired WHERE hash = ?1",                                           \
    [SQL_RETIRED_ADD] = "INSERT OR IGNORE INTO retired (hash) VALUES (?1)",                                \
    [SQL_ERASURE_ADD] =                                                                                    \
        "INSERT INTO erasure (day, bank, way) VALUES (?1, ?2, ?3)",                                        \
    [SQL_ERASURE_LIST] =                                                                                   \
        "SELECT id, day, bank, way FROM erasure ORDER BY id DESC",                                         \
    [SQL_BANKS_OF] =                                                                                       \
        "SELECT bank FROM consent WHERE person = ?1 UNION SELECT "                                         \
        "bank FROM bank_entry WHERE person = ?1 ORDER BY bank",                                            \
    [SQL_CONSENT_TEXT] =                                                                                   \
        "INSERT INTO consent_text (version, body) VALUES (?1, ?2) ON "                                     \
        "CONFLICT (version, body) DO UPDATE SET version = excluded.version "                               \
        "RETURNING id",                                                                                    \
    [SQL_CONSENT_PUT] =                                                                                    \
        "INSERT INTO consent (person, bank, text, given_ms, way, recorder) "                               \
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (person, bank) DO "                                   \
        "UPDATE SET text = excluded.text, given_ms = excluded.given_ms, way "                              \
        "= excluded.way, recorder = excluded.recorder",                                                    \
    [SQL_CONSENT_DROP] =                                                                                   \
        "DELETE FROM consent WHERE person = ?1 AND bank = ?2 RETURNING 1",                                 \
    [SQL_CONSENT_LIST] =                                                                                   \
        "SELECT person, bank, version, body, given_ms, way, recorder FROM "                                \
        "consent JOIN consent_text ON consent_text.id = text WHERE person = "                              \
        "?1 ORDER BY bank",                                                                                \
    [SQL_ENTRY_ADD] =                                                                                      \
        "INSERT INTO bank_entry (person, bank, entered_ms, ended_ms, topics, "                             \
        "main_topic, request, merits, interests, times, form, places, hours, "                             \
        "wishes, results) VALUES (?1, ?2, ?3, 0, '', '', '', '', '', '', '', "                             \
        "0, 0, '', '') RETURNING id",                                                                      \
    [SQL_ENTRY_SET] =                                                                                      \
        "UPDATE bank_entry SET topics = ?2, main_topic = ?3, request = ?4, "                               \
        "merits = ?5, interests = ?6, times = ?7, form = ?8, places = ?9, "                                \
        "hours = ?10, wishes = ?11, results = ?12 WHERE id = ?1",                                          \
    [SQL_ENTRY_CURRENT] =                                                                                  \
        "SELECT id FROM bank_entry WHERE person = ?1 AND bank = ?2 AND "                                   \
        "ended_ms = 0",                                                                                    \
    [SQL_ENTRY_GET] = "SELECT " SQL_ENTRY_COLUMNS " WHERE bank_entry.id = ?1",                             \
    [SQL_ENTRY_LIST] = "SELECT " SQL_ENTRY_COLUMNS " WHERE bank = ?1 AND (?2 "                             \
                       "OR ended_ms = 0) AND (?3 = 0 OR person = ?3) ORDER "                               \
                       "BY name, bank_entry.id",                                                           \
    [SQL_ENTRY_END] = "UPDATE bank_entry SET ended_ms = ?2 WHERE id = ?1",                                 \
    [SQL_CHANGE_ADD] =                                                                                     \
        "INSERT INTO bank_change (entry, at_ms, who) VALUES (?1, ?2, ?3)",                                 \
    [SQL_CHANGE_LIST] = "SELECT id, at_ms, who FROM bank_change WHERE entry "                              \
                        "= ?1 ORDER BY id DESC LIMIT 200",                                                 \
    [SQL_UNTAKEN_NEXT] =                                                                                   \
        "SELECT named.wave, named.person, wave.form, form.form_id, "                                       \
        "form.version, role, code, xml FROM named JOIN wave ON wave.id = "                                 \
        "named.wave JOIN form ON form.id = wave.form JOIN person ON "                                      \
        "person.id = named.person WHERE taken = 0 AND wave.kind = ?1 LIMIT 1",                             \
    [SQL_TAKEN_SET] =                                                                                      \
        "UPDATE named SET taken = 1 WHERE wave = ?1 AND person = ?2",                                      \
    [SQL_NAMED_RECOUNT] =                                                                                  \
        "UPDATE wave SET answers = (SELECT count(*) FROM named WHERE "                                     \
        "named.wave = wave.id) WHERE kind IN (?1, ?2) AND answers <> (SELECT "                             \
        "count(*) FROM named WHERE named.wave = wave.id)"

#endif
