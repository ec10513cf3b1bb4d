#include "sql/script.hpp"

#include <memory>

#include <sqlite3.h>

namespace waybill::sql {
namespace {

struct finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using statement_handle = std::unique_ptr<sqlite3_stmt, finalize>;

std::string_view without_comments_before(std::string_view text) {
    for (;;) {
        const auto begin = text.find_first_not_of(" \t\r\n");
        text.remove_prefix(begin == std::string_view::npos ? text.size() : begin);
        if (!text.starts_with("--")) return text;
        const auto end = text.find('\n');
        text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    }
}

} // namespace

void run_script(connection& on, std::string_view script, const statement_observer& before) {
    while (!script.empty()) {
        sqlite3_stmt* compiled = nullptr;
        const char* tail = nullptr;
        const int code =
            sqlite3_prepare_v2(on.handle(), script.data(), static_cast<int>(script.size()), &compiled, &tail);
        const statement_handle statement(compiled);
        if (code != SQLITE_OK) on.fail(code);
        const auto length = static_cast<std::size_t>(tail - script.data());
        if (statement) { // else there were only blanks and comments
            if (before) before(without_comments_before(script.substr(0, length)));
            int stepped = SQLITE_ROW;
            while (stepped == SQLITE_ROW)
                stepped = sqlite3_step(compiled);
            if (stepped != SQLITE_DONE) on.fail(stepped);
        }
        script.remove_prefix(length);
    }
}

} // namespace waybill::sql
