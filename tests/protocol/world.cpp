#include "protocol/world.hpp"

#include <sqlite3.h>

#include <waybill/dataset_numbers.hpp>
#include <waybill/store_backup.hpp>

#include "dataset/housekeeping.hpp"
#include "sql/migrator.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

fs::path beside(fs::path file, const char* suffix) { return file += suffix; }

constexpr const char* orphans_left = "select count(*) from export_jobs where epoch < :epoch";
constexpr const char* failed_early = R"(
select count(*)
from export_jobs
where status = 'FAILED'
    and attempts_used < :attempts)";

/// The file that the store would be if its log were folded into it now.
std::string bytes_of(sql::connection& on) {
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, void (*)(void*)> bytes(
        sqlite3_serialize(on.handle(), "main", &size, 0), sqlite3_free);
    promise(bytes != nullptr, "the store cannot be copied");
    return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

std::string text_of(const result<cancel_outcome>& answer) {
    if (answer) return "outcome " + std::to_string(static_cast<int>(*answer));
    return "refusal " + std::to_string(static_cast<int>(answer.error().code));
}

} // namespace

protocol_world::protocol_world(const bounds& most)
    : engine(root_, is.engine, watch, files_changed_),
      publisher(root_, is.publisher, is.memberships, watch, files_changed_),
      most_(most) {
    fs::create_directories(root_);
    is.left = most;
    options_.file = directory_ / "jobs.db";
    options_.now = [this] { return is.wall; };
    options_.entropy = [](std::span<std::byte> bytes) {
        std::fill(bytes.begin(), bytes.end(), std::byte{7});
    };
    options_.ids_reserved = 1;
    how_.running = static_cast<std::size_t>(most.running);
    how_.attempts = most.attempts;
    how_.attempt_deadline = 1'000'000h; // failing attempts stand for hanging ones
    how_.jitter = [] { return 0.0; };
}

fallen_host protocol_world::first() {
    store_ = std::make_unique<job_store>(job_store::open(options_).value());
    is.known.opened(database(), store_->owner().epoch(), retention());
    for (int i = 0; i < most_.jobs; ++i) {
        auto request = a_job("d1");
        request.segment_per_batch = most_.batches > 1;
        if (most_.batches > 1) request.filter.emplace();
        for (int batch = 0; most_.batches > 1 && batch < most_.batches; ++batch)
            request.filter->segments.push_back({"s" + std::to_string(batch)});
        is.known.created(store_->create(acme, request).value(), {});
    }
    auto host = fall(true);
    close();
    return host;
}

void protocol_world::put_files(const fallen_host& host) {
    close();
    for (const char* const suffix : {"-wal", "-shm"})
        fs::remove(beside(options_.file, suffix));
    overwrite(options_.file, host.store);
    overwrite(beside(options_.file, ".lock"), host.lock);
    scan();
    host.then.files.bring_back(root_, on_disk_);
    on_disk_ = host.then.files;
}

void protocol_world::open(const fallen_host& host) {
    put_files(host);
    is = host.then;
    view_is_old_ = false;
    store_ = std::make_unique<job_store>(job_store::open(options_).value());
    is.known.opened(database(), store_->owner().epoch(), retention());
    owner_ = std::make_unique<observed_owner>(store_->owner(), watch, is.sequences);
    driver_ = std::make_unique<lifecycle>(*owner_, engine, publisher, how_);
}

void protocol_world::close() {
    driver_.reset();
    owner_.reset();
    store_.reset();
}

void protocol_world::recover() {
    driver_->recover(is.now);
    look();
    auto row = database().prepare(orphans_left);
    row.bind(":epoch", store_->owner().epoch()).step();
    promise(row.integer(0) == 0, "after a recovery an attempt is still of an older epoch");
    is.view.compare_acknowledged(is.known);
}

void protocol_world::tick(std::chrono::milliseconds later) {
    is.now += later;
    is.wall += later;
    driver_->tick(is.now);
}

bool protocol_world::tick_without_answer() {
    owner_->answer_gets_lost = true;
    try {
        driver_->tick(is.now);
    } catch (const store_failure&) {
        if (std::exchange(owner_->answer_gets_lost, false)) throw;
        --is.left.lost_answers;
        return true;
    }
    owner_->answer_gets_lost = false;
    return false;
}

void protocol_world::stop() {
    --is.left.stops;
    driver_->stop(is.now);
}

void protocol_world::cancel(job_id id) {
    const auto expected = is.known.expected_cancel(acme, id, is.wall);
    const auto answer = store_->cancel(acme, id);
    promise(text_of(answer) == text_of(expected), [&] {
        return "a cancel answers " + text_of(answer) + ", and should have been " + text_of(expected);
    });
    if (answer) is.known.cancelled(id, *answer);
    if (answer && *answer != cancel_outcome::repeated) --is.left.cancels;
}

void protocol_world::back_up() {
    is.backup =
        std::make_shared<const kept_backup>(kept_backup{bytes_of(database()), is.known.remember(), rows()});
}

void protocol_world::do_publishers_next() {
    const auto next = is.publisher.tasks.front();
    if (next.what == publisher_state::kind::place) {
        promise(is.known.jobs().at(next.which->key.job).publishing && next.which->commit_sequence > 0,
                "a placing begins before the commit point, or after the end");
        is.taken.insert(next.which->key);
    }
    is.taken.insert(next.gone.begin(), next.gone.end());
    const auto done = publisher.do_next();
    const bool well = done.end != publication_state::failed && done.end != publication_state::lost;
    promise(well || is.damaged.contains(done.key),
            [&] { return to_text(done.key) + " was staged, and is not: " + done.why; });
}

void protocol_world::lose_staged(const staging_key& key) {
    --is.left.losses;
    is.damaged.insert(key);
    for (const auto& found : dataset::find_datasets(root_))
        for (const auto& entry : disk::list_directory(dataset::staging_directory(found.directory, key)))
            if (dataset::parse_batch_name(entry.name)) {
                fs::remove_all(dataset::staging_directory(found.directory, key) / entry.name);
                files_changed_ = true;
                return;
            }
}

void protocol_world::cut_off_placing(told_publisher::cut how_far) {
    is.taken.insert(is.publisher.tasks.front().which->key);
    publisher.cut_off_next(how_far);
}

bool protocol_world::cut_off_pruning() {
    if (!something_to_prune()) return false;
    publisher.cut_off_pruning(1);
    return true;
}

void protocol_world::scan() {
    if (!std::exchange(files_changed_, false)) return;
    is.files = on_disk_ = file_tree::of(root_);
    view_is_old_ = true;
}

void protocol_world::look() {
    scan();
    if (std::exchange(view_is_old_, false)) is.view.read();
    is.known.look_again(database(), retention());
    is.view.compare(is.known);
    is.memberships.compare(is.view, is.known);
}

void protocol_world::look_closer() {
    is.view.compare_places(is.known);
    for (const auto& [id, job] : is.known.jobs())
        promise(job.cancel || (job.status != job_status::cancelling && job.status != job_status::cancelled),
                [&, about = id, &what = job] { return described(about, what) + ": nobody cancelled it"; });
    if (is.left.permanents < most_.permanents || !is.damaged.empty()) return;
    auto row = database().prepare(failed_early);
    row.bind(":attempts", most_.attempts).step();
    promise(row.integer(0) == 0, "a job ended as FAILED, and had attempts left");
}

fallen_host protocol_world::fall(bool in_order) {
    scan();
    fallen_host host{is};
    host.then.publisher = {};
    host.then.driver = {};
    if (view_is_old_) host.then.view.read();
    host.then.known.look_again(database(), retention());
    host.then.view.compare(host.then.known);
    host.then.memberships.compare(host.then.view, host.then.known);
    host.store = bytes_of(database());
    const auto numbers = numbers_of(*store_);
    write_marks(*store_, in_order);
    host.lock = contents(beside(options_.file, ".lock"));
    test::bring_back(*store_, numbers);
    return host;
}

fallen_host protocol_world::restored(const fallen_host& host) {
    put_files(host);
    const auto then = directory_ / "then.db";
    const auto backup = directory_ / "backup.db";
    overwrite(then, host.then.backup->store);
    promise(backup_store(store_kind::jobs, then, backup).ok(), "a backup is refused");
    restore_options how;
    how.now = [&] { return host.then.wall; };
    how.seen = dataset_numbers::survey(root_).value().highest();
    const auto done = restore_store(options_.file, backup, how);
    promise(done.ok(),
            [&] { return "a restore is refused: " + (done.ok() ? std::string() : done.error().message); });
    fallen_host after{host.then, contents(options_.file), contents(beside(options_.file, ".lock")), false};
    for (const auto& gone : {done->kept.value_or(then), then, backup, beside(backup, ".sha256")})
        fs::remove(gone);
    auto& is_then = after.then;
    --is_then.left.restores;
    is_then.known.restored(host.then.backup->then);
    is_then.view.read();
    is_then.view.restored();
    is_then.memberships.restored();
    is_then.damaged.merge(is_then.taken);
    is_then.sequences.of.clear(); // a mark that was forgotten is given anew, with a later sequence
    is_then.backup.reset();
    return after;
}

moment protocol_world::keep() {
    scan();
    is.driver = state_of(*driver_);
    is.numbers = numbers_of(*store_);
    return is;
}

void protocol_world::bring_back(const moment& then) {
    scan();
    then.files.bring_back(root_, on_disk_);
    on_disk_ = then.files;
    view_is_old_ = false;
    is = then;
    test::bring_back(*driver_, then.driver);
    test::bring_back(*store_, then.numbers);
}

} // namespace waybill::test
