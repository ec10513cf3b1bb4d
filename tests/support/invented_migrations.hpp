// Three migrations of nobody's store: tables, a trigger with semicolons inside, a table that is built anew,
// rows that a migration brings.
#pragma once

#include <array>
#include <string>

#include "sql/migration.hpp"

namespace waybill::test {

inline const std::string& digits_of(char digit) {
    static std::array<std::string, 128> all;
    auto& text = all.at(static_cast<unsigned char>(digit));
    if (text.empty()) text.assign(64, digit);
    return text;
}

inline const std::array<sql::migration, 3>& invented_migrations() {
    static const std::array<sql::migration, 3> all{{
        {1, "shelves", digits_of('1'), R"(
-- What was applied; and two tables.
create table schema_migrations (
    version integer primary key,
    name text not null,
    sha256 text not null,
    applied_at integer not null
) strict;
create table shelves (id integer primary key, name text not null) strict;
/* a book stands on a shelf */ create table books (
    id integer primary key,
    shelf_id integer not null references shelves (id)
) strict;
)",
         R"(
drop table books;
drop table shelves;
drop table schema_migrations;
)"},
        {2, "titles", digits_of('2'), R"(
create table new_books (
    id integer primary key,
    shelf_id integer not null references shelves (id),
    title text not null default ''
) strict;
insert into new_books (id, shelf_id) select id, shelf_id from books;
drop table books;
alter table new_books rename to books;
create trigger books_stay before delete on books
begin
    select raise(abort, 'a book; stays');
    select 1;
end;
)",
         R"(
create table old_books (
    id integer primary key,
    shelf_id integer not null references shelves (id)
) strict;
insert into old_books select id, shelf_id from books;
drop table books;
alter table old_books rename to books;
)"},
        {3, "kinds", digits_of('3'), R"(
create table kinds (kind text primary key) strict, without rowid;
insert into kinds (kind) values ('novel'), ('atlas');
create index books_by_title on books (title);
)",
         R"(
drop index books_by_title;
drop table kinds;
)"},
    }};
    return all;
}

} // namespace waybill::test
