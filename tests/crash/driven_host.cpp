#include "crash/driven_host.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <waybill/dataset_survey.hpp>

#include "support/temp_segments.hpp"

namespace waybill::test {

namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

/// A tick that met trouble is repeated after this.
constexpr milliseconds soon{2};
/// Only ends a story that hangs.
constexpr std::chrono::seconds patience{60};

/// As small as they may be, so that a short story has something of everything.
upkeep_options small_upkeep() {
    upkeep_options how;
    how.retention = {{job_status::cancelled, std::chrono::hours{1}}};
    how.rows_a_step = 10;
    how.free_pages = 0;
    how.longest_wal = 4'096;
    return how;
}

} // namespace

void story_bell::ring() {
    {
        const std::lock_guard hold(guard_);
        ++rung_;
    }
    wake_.notify_all();
}

int story_bell::rung() const {
    const std::lock_guard hold(guard_);
    return rung_;
}

void story_bell::wait(int before, milliseconds longest) {
    std::unique_lock hold(guard_);
    wake_.wait_for(hold, longest, [&] { return rung_ > before; });
}

driven_host::driven_host(sweep_files files, bool prunes, around each_call)
    : files_(std::move(files)),
      prunes_(prunes),
      each_call_(std::move(each_call)),
      notes_(::open(files_.notes.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (notes_ < 0) throw std::system_error(errno, std::generic_category(), files_.notes.string());
}

driven_host::~driven_host() {
    close();
    ::close(notes_);
}

void driven_host::note(const std::string& line) const {
    auto text = line;
    std::replace(text.begin(), text.end(), '\n', ' ');
    text += '\n';
    if (::write(notes_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::system_error(errno, std::generic_category(), files_.notes.string());
}

void driven_host::close() {
    driver_.reset();
    engine_.reset();
    store_.reset();
    publisher_.reset();
    segments_.reset();
}

void driven_host::open() {
    persist([this] { try_to_open(); });
}

/// As the host does it: datasets, store, recovery; all anew when one of them fails.
void driven_host::try_to_open() {
    close();
    open_segments();
    dataset_publisher_options keeping;
    keeping.take_memberships = [to = segments_](const publication& what,
                                                const std::filesystem::path& staged) {
        to->take_memberships(what.job.owner, what.key.job, what.commit_sequence, staged);
    };
    if (prunes_) keeping.keep_superseded = milliseconds{0};
    publisher_ = dataset_publisher::open(files_.datasets(), keeping).value();
    job_store_options how;
    how.file = files_.store();
    how.now = [this] { return wall_clock() + ahead_; };
    if (prunes_) how.upkeep = small_upkeep();
    store_ = std::make_unique<job_store>(job_store::open(std::move(how)).value());
    engine_ = std::make_unique<local_engine>(local_engine_options{.profiles = files_.profiles,
                                                                  .datasets = files_.datasets(),
                                                                  .threads = 2,
                                                                  .segments = files_.segments()});
    const auto listener = [bell = bell_] { bell->ring(); };
    publisher_->on_news(listener);
    engine_->on_news(listener);
    lifecycle_options pace;
    pace.running = 2;
    pace.attempts = 1'000; // trouble is never final here, unless it says so itself
    pace.first_backoff = pace.longest_backoff = milliseconds{2};
    pace.sweep_interval = milliseconds{200};
    pace.on_problem = [this](std::string_view what) { note("problem " + std::string(what)); };
    driver_ = std::make_unique<lifecycle>(store_->owner(), *engine_, *publisher_, pace);
    driver_->recover(clock::now());
}

void driven_host::open_segments() {
    segments_ = std::make_shared<segment_store>(segment_store::open({files_.segments()}).value());
    if (segments_->find(sweep_acme, sweep_defined)) return;
    segments_->create(sweep_acme, a_segment(sweep_defined, "crm.isNotNull()"), sweep_defined).value();
}

milliseconds driven_host::try_tick() {
    try {
        const auto tick = [this] { return driver_->tick(clock::now()); };
        const auto next = ask(tick);
        return std::clamp(next.value_or(patience), milliseconds{0}, milliseconds{1'000});
    } catch (const store_failure& trouble) {
        note(std::string("trouble ") + trouble.what());
        return soon;
    } catch (const std::bad_alloc& trouble) {
        note(std::string("trouble ") + trouble.what());
        return soon;
    }
}

void driven_host::tick() { try_tick(); }

void driven_host::tick_until(const std::function<bool()>& come) {
    const auto give_up = clock::now() + patience;
    for (;;) {
        const auto rung = bell_->rung();
        const auto next = try_tick();
        if (persist(come)) return;
        if (clock::now() > give_up) throw std::runtime_error("it never came to this");
        bell_->wait(rung, next);
    }
}

void driven_host::stop() {
    persist([this] { driver_->stop(clock::now()); });
    tick_until([this] { return driver_->stopped(); });
    close();
}

void driven_host::prune() {
    while (persist([this] { return store_->owner().upkeep(); })) {
    }
}

job_status driven_host::status_of(const tenant& owner, job_id id) {
    return store_->find(owner, id).value().status;
}

bool driven_host::nothing_unfinished() {
    job_query unfinished;
    unfinished.limit = 1;
    unfinished.statuses = {job_status::new_, job_status::processing, job_status::cancelling};
    return store_->list(sweep_acme, unfinished).value().jobs.empty() &&
           store_->list(sweep_globex, unfinished).value().jobs.empty();
}

bool driven_host::nothing_staged() const {
    const auto found = survey_datasets(files_.datasets()).value();
    return std::all_of(found.begin(), found.end(), [this](const auto& one) {
        const auto staging = dataset_directory(files_.datasets(), one.owner, one.dataset_id) /
                             ".staging"; // what is pruned, too
        return !std::filesystem::exists(staging) || std::filesystem::is_empty(staging);
    });
}

} // namespace waybill::test
