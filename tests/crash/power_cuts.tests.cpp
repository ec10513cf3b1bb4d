// Takes the power away from the story of the crash sweep (sweep_script.cpp) and from the admin tool, at any
// of the calls by which they change files, and looks at what the next start makes of what a disk may have
// kept. The program runs once, with its calls written down; each cut is a disk made of them.
// WAYBILL_POWER_POINTS says how many cuts, or `all`; WAYBILL_POWER_SEED and WAYBILL_POWER_MOMENT repeat one.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <waybill/store_checkup.hpp>

#include "crash/recovered_state.hpp"
#include "crash/sweep_stage.hpp"
#include "support/recorded_disk.hpp"
#include "support/store_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

namespace fs = std::filesystem;
using steps = std::vector<recorded_disk::step>;

/// The moments at which the power goes, each with a seed of its own.
class power_cuts {
  public:
    /// `usual` moments that take no more than a minute, unless the environment says otherwise. Half of them
    /// are at calls that change names, which are few, so some of these come several times.
    power_cuts(const steps& done, std::size_t usual) : calls_(done.size()) {
        const char* const seed = std::getenv("WAYBILL_POWER_SEED");
        seed_ = seed != nullptr ? static_cast<std::uint32_t>(std::stoul(seed)) : std::random_device{}();
        if (const char* const only = std::getenv("WAYBILL_POWER_MOMENT")) {
            moments_ = {std::stoul(only)};
            return;
        }
        std::mt19937 order(seed_);
        const char* const points = std::getenv("WAYBILL_POWER_POINTS");
        if (points == nullptr) ends_ = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        const bool all = points != nullptr && std::string(points) == "all";
        const auto wanted = all ? 2 * calls_ : points == nullptr ? usual : std::stoul(points);
        std::vector<std::size_t> any(calls_);
        std::iota(any.begin(), any.end(), std::size_t{1});
        std::vector<std::size_t> names;
        for (const auto moment : any)
            if (changes_names(done[moment - 1])) names.push_back(moment);
        for (auto* const from : {&any, &names}) {
            std::shuffle(from->begin(), from->end(), order);
            for (std::size_t i = 0; i < wanted / 2; ++i)
                moments_.push_back((*from)[i % from->size()]);
        }
        std::shuffle(moments_.begin(), moments_.end(), order);
    }
    ~power_cuts() {
        WARN("seed " << seed_ << ": the power went " << tried_ << " times, at any of " << calls_ << " calls");
    }
    power_cuts(const power_cuts&) = delete;
    power_cuts& operator=(const power_cuts&) = delete;

    void each(const std::function<void(std::size_t moment, std::mt19937& choose)>& cut) {
        for (const auto moment : moments_) {
            if (std::chrono::steady_clock::now() > ends_) return;
            const auto seed = seed_ + static_cast<std::uint32_t>(tried_);
            std::mt19937 choose(seed);
            INFO("seed " << seed << ", cut after call " << moment << " of " << calls_);
            cut(moment, choose);
            ++tried_;
        }
    }

  private:
    static bool changes_names(const recorded_disk::step& call) {
        return call.what == call_record::kind::renamed || call.what == call_record::kind::linked ||
               call.what == call_record::kind::removed;
    }

    std::vector<std::size_t> moments_;
    std::size_t calls_;
    std::size_t tried_ = 0;
    std::uint32_t seed_ = 0;
    std::chrono::steady_clock::time_point ends_ = std::chrono::steady_clock::time_point::max();
};

injected recorded(const sweep_files& files) {
    injected how;
    how.under = files.kept;
    how.record = files.kept.parent_path() / "record";
    how.notes = files.notes;
    return how;
}

/// What a disk keeps of so many of the steps, and the notes of that moment.
void cut_at(recorded_disk& disk, const steps& done, std::size_t moment, std::mt19937& choose,
            const sweep_files& before, const sweep_files& after, std::uint64_t notes_at_least = 0) {
    for (std::size_t i = 0; i < moment; ++i)
        disk.take(done[i]);
    disk.cut(choose, after.kept);
    auto notes = read_file(before.notes);
    notes.resize(std::max(disk.notes(), notes_at_least));
    write_file(after.notes, notes);
}

void check_promises(const sweep_files& files) {
    const auto broken = broken_promises(files, read_notes(files.notes));
    INFO(read_file(files.notes));
    CHECK(broken == std::vector<std::string>{});
}

/// Readers need no host: what a `current.json` names is whole, also before the next start.
void check_shown(const sweep_files& files) {
    if (!fs::exists(files.datasets())) return;
    CHECK_FALSE(shows_what_does_not_count(files));
    for (const auto& entry : fs::recursive_directory_iterator(files.datasets())) {
        if (entry.path().filename() != "current.json") continue;
        const auto current = nlohmann::json::parse(read_file(entry.path()));
        for (const auto& batch : current.at("batches")) {
            const auto place =
                entry.path().parent_path() / ("batch-" + batch.at("batchId").get<std::string>());
            INFO(place);
            CHECK(fs::exists(place / "_SUCCESS"));
            CHECK(fs::exists(place / "manifest.json"));
            CHECK(read_file(place / "part-00000.ndjson").size() == batch.at("bytes"));
        }
    }
}

/// A story told to its end, with its calls.
struct recorded_story {
    recorded_story() : files(stage.next()) {
        const auto how = recorded(files);
        const auto end = stage.tell(files, how);
        INFO(end.err);
        REQUIRE(end.code == 0);
        done = recorded_disk::read_record(how.record);
        REQUIRE(done.size() > 500);
    }
    /// Another place, as it is when the power went.
    sweep_files cut(std::size_t moment, std::mt19937& choose) {
        const temp_directory nothing(fast_place());
        recorded_disk disk(files.kept, nothing.path());
        auto after = stage.next();
        cut_at(disk, done, moment, choose, files, after);
        return after;
    }

    sweep_stage stage;
    sweep_files files;
    steps done;
};

} // namespace

TEST_CASE("a story whose power goes at any moment breaks no promise after the next start") {
    recorded_story story;
    power_cuts cuts(story.done, 80);
    cuts.each([&](std::size_t moment, std::mt19937& choose) {
        const auto after = story.cut(moment, choose);
        check_shown(after);
        const auto next = story.stage.finish(after);
        INFO(next.err);
        CHECK(next.code == 0);
        check_promises(after);
        story.stage.clear(after);
    });
}

TEST_CASE("a start whose power goes while it takes up what a power cut left breaks no promise either") {
    recorded_story story;
    power_cuts cuts(story.done, 25);
    cuts.each([&](std::size_t moment, std::mt19937& choose) {
        const auto first = story.cut(moment, choose);
        const auto notes = fs::file_size(first.notes);
        recorded_disk disk(first.kept, first.kept);
        const auto how = recorded(first);
        const auto start = story.stage.finish(first, how);
        INFO(start.err);
        REQUIRE(start.code == 0);
        const auto done = recorded_disk::read_record(how.record);
        const auto second = story.stage.next();
        cut_at(disk, done, choose() % (done.size() + 1), choose, first, second, notes);
        const auto next = story.stage.finish(second);
        INFO(next.err);
        CHECK(next.code == 0);
        check_promises(second);
        story.stage.clear(first);
        story.stage.clear(second);
    });
}

namespace {

/// Runs the tool on what stands in `folder`, with its calls written down.
class recorded_tool {
  public:
    recorded_tool(fs::path folder, const std::vector<std::string>& arguments)
        : folder_(std::move(folder)), before_(fast_place()) {
        fs::copy(folder_, before_.path(), fs::copy_options::recursive);
        injected how;
        how.under = folder_;
        how.record = place_ / "record";
        const auto end = waybill_tool(arguments, {{}, how.environment(), {}});
        INFO(end.err);
        REQUIRE(end.code == 0);
        done = recorded_disk::read_record(how.record);
    }
    void cut(std::size_t moment, std::mt19937& choose, const fs::path& into) const {
        recorded_disk disk(folder_, before_.path());
        for (std::size_t i = 0; i < moment; ++i)
            disk.take(done[i]);
        disk.cut(choose, into);
    }

    steps done;

  private:
    fs::path folder_;
    temp_directory before_;
    temp_directory place_{fast_place()};
};

job_store open_at(const fs::path& folder) {
    job_store_options how;
    how.file = folder / "jobs.db";
    return job_store::open(how).value();
}

} // namespace

TEST_CASE("a restore whose power goes leaves the old store or the new one, and its end outlives that") {
    const bool crashed_before = GENERATE(false, true);
    backed_up_store was;
    if (crashed_before) was.crash_with_a_job();
    const std::int64_t old_jobs = crashed_before ? 4 : 3;
    const recorded_tool restore(was.folder(), {"restore", "--store", was.store.file(), "--from", was.backup});
    power_cuts cuts(restore.done, 400);
    cuts.each([&](std::size_t moment, std::mt19937& choose) {
        const temp_directory after(fast_place());
        restore.cut(moment, choose, after.path());
        REQUIRE(fs::exists(after / "jobs.db"));
        const auto next = open_at(after.path()).create(acme, a_job()).value().id;
        CHECK(next > (crashed_before ? 1'024 : old_jobs)); // a crash leaves the end of a block open
        CHECK(check_integrity(after / "jobs.db").value() == std::vector<std::string>{});
        const auto jobs = jobs_in(after / "jobs.db") - 1;
        CHECK((jobs == 2 || (jobs == old_jobs && moment < restore.done.size())));
        REQUIRE(restore_store(after / "jobs.db", was.backup).ok());
        CHECK(jobs_in(after / "jobs.db") == 2);
    });
}

TEST_CASE("a restore over a damaged store whose power goes never gives its WAL to the restored file") {
    backed_up_store was;
    was.crash_with_a_job();
    write_bytes(was.store.file(), 0, std::string(bytes_of(was.store.file()).size(), 'x'));
    const auto damaged = bytes_of(was.store.file());
    const recorded_tool restore(was.folder(), {"restore", "--store", was.store.file(), "--from", was.backup});
    power_cuts cuts(restore.done, 200);
    cuts.each([&](std::size_t moment, std::mt19937& choose) {
        const temp_directory after(fast_place());
        restore.cut(moment, choose, after.path());
        if (bytes_of(after / "jobs.db") != damaged) {
            CHECK_FALSE(fs::exists(after / "jobs.db-wal"));
            CHECK(jobs_in(after / "jobs.db") == 2);
        } else {
            CHECK(moment < restore.done.size());
        }
        REQUIRE(restore_store(after / "jobs.db", was.backup).ok());
        CHECK(open_at(after.path()).create(acme, a_job()).value().id > 4);
        CHECK(jobs_in(after / "jobs.db") == 3);
    });
}

TEST_CASE("a backup whose power goes has its name only when it is whole, and its end outlives that") {
    backed_up_store was;
    const auto made = was.folder() / "tuesday.db";
    const recorded_tool backup(was.folder(), {"backup", "--store", was.store.file(), "--to", made});
    power_cuts cuts(backup.done, 400);
    cuts.each([&](std::size_t moment, std::mt19937& choose) {
        const temp_directory after(fast_place());
        backup.cut(moment, choose, after.path());
        const bool there = fs::exists(after / "tuesday.db");
        CHECK((there || moment < backup.done.size()));
        CHECK(jobs_in(after / "jobs.db") == 3);
        if (!there) return;
        REQUIRE(restore_store(after / "jobs.db", after / "tuesday.db").ok());
        CHECK(jobs_in(after / "jobs.db") == 3);
    });
}
