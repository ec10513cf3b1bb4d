#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include <poll.h>
#include <unistd.h>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "look_display.hpp"
#include "screen.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

struct top_arguments {
    std::filesystem::path store;
    named_host host;
    tenant owner;
    double interval = 2;
    bool once = false;
    std::size_t looks = 0; ///< 0: until it is ended
    bool json = false;
};

/// Lines of a view but for the running jobs.
constexpr std::size_t lines_above = 12;

/// One look after the other, each with what happened since the one before.
class watch {
  public:
    explicit watch(look_source& at) : at_(at) {}

    void look() {
        auto seen = at_.look();
        rates_ = last_ ? rates_between(*last_, seen) : std::nullopt;
        last_ = std::move(seen);
    }
    void print(std::size_t most_running) const { print_activity(*last_, rates_, most_running); }
    void print_json() const {
        std::puts(activity_json(*last_, rates_)
                      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                      .c_str());
    }

  private:
    look_source& at_;
    std::optional<store_look> last_;
    std::optional<move_rates> rates_;
};

bool last_look(const top_arguments& asked, std::size_t taken) {
    return asked.looks != 0 && taken >= asked.looks;
}

/// The time between two looks, which somebody at the keyboard may cut short.
class interval {
  public:
    explicit interval(double seconds) : length_(static_cast<int>(seconds * 1'000)) {}

    /// False when somebody has asked for the end.
    bool wait() {
        pollfd keyboard{keys_ ? STDIN_FILENO : -1, POLLIN, 0};
        if (::poll(&keyboard, 1, length_) <= 0) return true;
        char key = 0;
        do {
            if (::read(STDIN_FILENO, &key, 1) == 1) continue;
            keys_ = false; // nobody is there
            return wait();
        } while (key != '\n' && key != 'q');
        return key != 'q';
    }

  private:
    int length_; ///< milliseconds
    bool keys_ = true;
};

/// One view under the other, or one object a line.
int print_looks(const top_arguments& asked, watch& on) {
    interval between(asked.interval);
    for (std::size_t taken = 1;; ++taken) {
        on.look();
        if (taken > 1 && !asked.json) std::puts("");
        if (asked.json)
            on.print_json();
        else
            on.print(std::numeric_limits<std::size_t>::max());
        if (std::fflush(stdout) != 0) throw command_failure(exit_failed, "standard output cannot be written");
        if (last_look(asked, taken) || !between.wait()) return exit_done;
    }
}

/// A look that fails after others, for example while a host starts anew, is told and tried again.
std::string try_look(watch& on) {
    try {
        on.look();
        return {};
    } catch (const std::exception& problem) {
        return problem.what();
    }
}

int draw_looks(const top_arguments& asked, watch& on) {
    on.look(); // what is wrong from the start is said on the screen that stays
    screen view;
    interval between(asked.interval);
    std::string problem;
    for (std::size_t taken = 1;; ++taken) {
        view.begin_view();
        std::printf("waybill top  %s  every %g s; Enter looks at once, Ctrl-C ends\n\n",
                    printable(asked.host.url.empty() ? asked.store.string() : asked.host.url).c_str(),
                    asked.interval);
        const auto rows = view.rows();
        on.print(rows > lines_above ? rows - lines_above : 1);
        if (!problem.empty()) std::printf("\n%s\n", printable(problem).c_str());
        view.end_view();
        if (last_look(asked, taken) || !between.wait()) return exit_done;
        problem = try_look(on);
    }
}

int run(top_arguments asked) {
    const auto terminal = screen::stdout_is_terminal();
    if (asked.once || (asked.looks == 0 && !terminal)) asked.looks = 1;
    const auto owner = asked.owner.org.empty() ? std::nullopt : std::optional(asked.owner);
    const auto source = asked.host.url.empty() ? stored_looks(asked.store) : hosted_looks(asked.host, owner);
    watch on(*source);
    if (asked.json || asked.once || !terminal) return print_looks(asked, on);
    return draw_looks(asked, on);
}

} // namespace

void add_top_command(CLI::App& app, command& chosen) {
    const auto asked = std::make_shared<top_arguments>();
    auto& sub = *app.add_subcommand(
        "top",
        "Watches a job store: jobs by status, what happens a second, what runs and how far it is. On a\n"
        "terminal until Ctrl-C (Enter looks at once), else prints once. A host tells totals to everybody,\n"
        "and running jobs to their tenant.\n\n"
        "Example: waybill top --store jobs.db --interval 5\n"
        "Example: waybill top --url http://127.0.0.1:8080 --org acme --sandbox prod --json --looks 60");
    auto& where = *sub.add_option_group("where", "One of these:");
    where.add_option("--store", asked->store, "job store; it is read beside a running host");
    auto* const url =
        add_host_options(sub, where, asked->host,
                         "address of a running host; with --org WAYBILL_TOKEN and WAYBILL_API_KEY are sent");
    where.require_option(1);
    add_tenant_options(sub, asked->owner);
    sub.get_option("--org")->required(false)->needs(url);
    sub.add_option("--interval", asked->interval, "seconds between two looks")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 86'400.0));
    auto* const once = sub.add_flag("--once", asked->once, "look once and print it");
    sub.add_option("--looks", asked->looks, "end after so many looks")
        ->excludes(once)
        ->check(CLI::PositiveNumber);
    sub.add_flag("--json", asked->json, "print a JSON object a look, each on a line");
    sub.callback([asked, &chosen] { chosen = [asked] { return run(*asked); }; });
}

} // namespace waybill::tool
