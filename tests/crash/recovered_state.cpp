#include "crash/recovered_state.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include <waybill/dataset_publisher.hpp>
#include <waybill/job_store.hpp>
#include <waybill/store_checkup.hpp>
#include <waybill/store_inspection.hpp>

#include "sql/connection.hpp"
#include "support/whole_file.hpp"

namespace waybill::test {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A batch id is the store's id, the job's (12 hex digits) and the batch's place (4).
job_id job_of(const std::string& batch_id) { return std::stoll(batch_id.substr(16, 12), nullptr, 16); }
std::size_t place_of(const std::string& batch_id) { return std::stoul(batch_id.substr(28), nullptr, 16); }

class look {
  public:
    look(const sweep_files& files, const sweep_notes& notes) : files_(files), notes_(notes) {}

    std::vector<std::string> at_everything() {
        look_at_file();
        for (const auto& owner : {sweep_acme, sweep_globex})
            read_jobs(owner);
        for (const auto id : notes_.given_twice)
            broken("the id " + std::to_string(id) + " was given twice");
        for (const auto& [id, promised] : notes_.jobs)
            look_at_promise(id, promised);
        for (const auto& [id, job] : jobs_)
            look_at_job(job);
        look_at_moves();
        for (const auto& owner : {sweep_acme, sweep_globex})
            look_at_datasets_of(owner);
        for (const auto& [id, job] : jobs_)
            look_at_batches(job);
        look_at_memberships();
        return std::move(broken_);
    }

  private:
    void broken(std::string what) { broken_.push_back(std::move(what)); }

    void look_at_file() {
        for (const auto& problem : check_integrity(files_.store()).value())
            broken("integrity: " + problem);
        for (const auto& problem : check_counts(files_.store()).value())
            broken("counts: " + problem);
        const auto claims = read_dataset_claims(files_.store()).value();
        if (!claims.staged.empty() || !claims.publishing.empty())
            broken("the store still claims staged batches");
    }

    void read_jobs(const tenant& owner) {
        auto reader = job_reader::open(files_.store()).value();
        job_query all;
        all.limit = 1'000;
        for (auto& job : reader.list(owner, all).value().jobs) {
            for (auto& move : reader.transitions(owner, job.id).value())
                moves_.emplace_back(job.id, std::move(move));
            if (!jobs_.emplace(job.id, std::move(job)).second) broken("two tenants have one job");
        }
    }

    void look_at_promise(job_id id, const noted_job& promised) {
        const auto name = "job " + std::to_string(id);
        const auto at = jobs_.find(id);
        if (at == jobs_.end()) {
            const bool may_be_pruned = promised.cancelling && notes_.pruning;
            if (!promised.removing && !may_be_pruned) broken(name + " was acknowledged and is lost");
            return;
        }
        const auto& job = at->second;
        if (promised.removed) broken(name + " was removed and is back");
        if (promised.cancelled && notes_.pruned) broken(name + " was pruned and is back");
        if (promised.cancelled && job.status != job_status::cancelled)
            broken(name + " was cancelled and is " + std::string(to_text(job.status)));
        if (job.owner != promised.owner || job.request.dataset_id != promised.dataset ||
            job.request.request_id != to_text(promised.kind))
            broken(name + " is another than was acknowledged");
    }

    void look_at_job(const export_job& job) {
        const auto noted = notes_.jobs.find(job.id);
        // Nothing was promised of a create that was not answered, but what is there ends as it should.
        const bool may_be_cancelled = noted == notes_.jobs.end() || noted->second.cancelling;
        const auto kind = parse_export_kind(job.request.request_id);
        const auto should = kind == export_kind::never ? job_status::failed : job_status::succeeded;
        if (job.status == should || (may_be_cancelled && job.status == job_status::cancelled)) return;
        std::string why;
        for (const auto& error : job.errors)
            why += "; " + error.msg + ' ' + error.call_stack;
        broken("job " + std::to_string(job.id) + " is " + std::string(to_text(job.status)) + why);
    }

    /// One number for each move of the whole store, and what a job is is its last move.
    void look_at_moves() {
        std::set<std::int64_t> sequences;
        std::map<job_id, job_status> last;
        for (const auto& [id, move] : moves_) {
            if (!sequences.insert(move.sequence).second)
                broken("the transition " + std::to_string(move.sequence) + " was given twice");
            last[id] = move.to;
            if (move.to != job_status::succeeded) continue;
            auto& latest = latest_success_[{jobs_.at(id).owner, jobs_.at(id).request.dataset_id}];
            latest = std::max(latest, std::pair(move.sequence, id));
        }
        for (const auto& [id, job] : jobs_)
            if (last[id] != job.status)
                broken("job " + std::to_string(id) + " is not what its timeline says");
    }

    void look_at_datasets_of(const tenant& owner) {
        const auto above = dataset_directory(files_.datasets(), owner, "x").parent_path();
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(above, none))
            look_at_dataset(owner, entry.path());
    }

    void look_at_dataset(const tenant& owner, const fs::path& dataset) {
        const auto name = owner.org + '/' + dataset.filename().string();
        std::error_code none;
        if (fs::exists(dataset / ".staging") && !fs::is_empty(dataset / ".staging", none))
            broken(name + ": something is left in staging");
        std::set<std::string> listed;
        std::set<std::string> superseded; // and maybe pruned
        if (fs::exists(dataset / "current.json")) {
            const auto current = json::parse(bytes_of(dataset / "current.json"));
            for (const auto& batch : current.at("batches"))
                list(name, batch.at("batchId"), listed);
            for (const auto& id : current.at("superseded"))
                list(name, *superseded.insert(id.get<std::string>()).first, listed);
            look_at_current(owner, dataset, current);
        }
        for (const auto& entry : fs::directory_iterator(dataset)) {
            const auto file = entry.path().filename().string();
            if (!file.starts_with("batch-")) {
                if (file != "current.json" && file != ".staging")
                    broken(name + ": " + file + " is left over");
                continue;
            }
            const auto id = file.substr(6);
            if (!listed.erase(id)) broken(name + ": " + file + " is in place and listed nowhere");
            look_at_rows(owner, entry.path(), id);
        }
        for (const auto& id : listed)
            if (!superseded.contains(id)) broken(name + ": batch " + id + " is listed and not in place");
    }

    void list(const std::string& name, const std::string& batch_id, std::set<std::string>& listed) {
        if (!listed.insert(batch_id).second) broken(name + ": batch " + batch_id + " is listed twice");
        if (!listed_.insert(batch_id).second) broken("batch " + batch_id + " is in two datasets");
        const auto job = jobs_.find(job_of(batch_id));
        if (job != jobs_.end()) {
            if (job->second.status != job_status::succeeded)
                broken(name + ": shows a batch of a job that is " + std::string(to_text(job->second.status)));
            return;
        }
        const auto noted = notes_.jobs.find(job_of(batch_id));
        if (noted == notes_.jobs.end() || !noted->second.removing)
            broken(name + ": shows a batch of a job that nobody knows");
    }

    void look_at_current(const tenant& owner, const fs::path& dataset, const json& current) {
        const auto name = owner.org + '/' + dataset.filename().string();
        for (const auto& batch : current.at("batches")) {
            const auto part =
                dataset / ("batch-" + batch.at("batchId").get<std::string>()) / "part-00000.ndjson";
            const auto text = bytes_of(part);
            if (batch.at("bytes") != text.size() ||
                batch.at("rows") != std::count(text.begin(), text.end(), '\n'))
                broken(name + ": current.json counts other rows or bytes than there are");
        }
        const auto latest = latest_success_.find({owner, dataset.filename().string()});
        const auto shown = current.at("jobId").get<job_id>();
        // A job that was removed has no moves any more.
        if (jobs_.contains(shown) && (latest == latest_success_.end() || latest->second.second != shown))
            broken(name + ": shows another job than the last that succeeded");
    }

    void look_at_rows(const tenant& owner, const fs::path& batch, const std::string& batch_id) {
        if (!fs::exists(batch / "_SUCCESS") || !fs::exists(batch / "manifest.json"))
            broken(batch.filename().string() + " is not whole");
        const auto id = job_of(batch_id);
        const auto kind = jobs_.contains(id)         ? parse_export_kind(jobs_.at(id).request.request_id)
                          : notes_.jobs.contains(id) ? notes_.jobs.at(id).kind
                                                     : export_kind::never;
        if (kind == export_kind::evaluated) note_evaluation(batch);
        std::multiset<std::string> missing;
        for (int i = 0; i < sweep_profiles; ++i)
            if (kind == export_kind::everything || kind == export_kind::evaluated ||
                is_member(i, place_of(batch_id)))
                missing.insert(sweep_profile(owner, i));
        std::ifstream in(batch / "part-00000.ndjson", std::ios::binary);
        for (std::string line; std::getline(in, line);) {
            const auto row = json::parse(line, nullptr, false);
            const auto profile = row.is_object() ? row.value("crm", "") : std::string();
            if (missing.erase(profile) == 0) broken(batch.filename().string() + ": a wrong row: " + line);
        }
        if (!missing.empty())
            broken(batch.filename().string() + ": " + std::to_string(missing.size()) + " rows are missing");
    }

    void look_at_batches(const export_job& job) {
        for (const auto& batch : job.batches) {
            const bool shown = listed_.contains(batch.batch_id);
            if (shown != (job.status == job_status::succeeded))
                broken("job " + std::to_string(job.id) + " is " + std::string(to_text(job.status)) +
                       ", but its batch is " + (shown ? "shown" : "not shown"));
        }
    }

    void note_evaluation(const fs::path& batch) {
        const auto evaluation = json::parse(bytes_of(batch / "manifest.json")).at("evaluation");
        const auto& counts = evaluation.at("segments").at(sweep_defined);
        if (counts.at("realized") == sweep_profiles && counts.at("existing") == 0) {
            ++entering_;
            entered_at_ = *parse_rfc3339(evaluation.at("now").get<std::string>());
        } else if (counts.at("realized") != 0 || counts.at("existing") != sweep_profiles)
            broken(batch.filename().string() + ": an evaluation saw memberships of a part of the profiles");
    }

    /// Of the jobs that evaluated, the first to be published saw everybody enter and the others nobody; what
    /// was not published left no trace.
    void look_at_memberships() {
        std::int64_t published = 0;
        for (const auto& [id, job] : jobs_)
            if (parse_export_kind(job.request.request_id) == export_kind::evaluated &&
                job.status == job_status::succeeded)
                ++published;
        sql::connection segments(files_.segments(), sql::access::read);
        const auto members = segments.integer_of("select count(*) from members");
        const std::string status = published == 1 ? "realized" : "existing";
        const auto right =
            segments.integer_of("select count(*) from members where status = '" + status + "'");
        const auto timely = segments.integer_of("select count(*) from members where qualified_at = " +
                                                std::to_string(entered_at_.time_since_epoch().count()));
        if (members != (published > 0 ? sweep_profiles : 0) || right != members || timely != members)
            broken("memberships are not those of " + std::to_string(published) + " published evaluation(s)");
        if (entering_ > 1 || (published > 0 && entering_ != 1))
            broken(std::to_string(entering_) + " evaluations saw everybody enter");
    }

    const sweep_files& files_;
    const sweep_notes& notes_;
    int entering_ = 0;
    timestamp entered_at_{}; ///< the `now` of the evaluation that saw everybody enter
    std::map<job_id, export_job> jobs_;
    std::vector<std::pair<job_id, job_transition>> moves_;
    std::map<std::pair<tenant, std::string>, std::pair<std::int64_t, job_id>> latest_success_;
    std::set<std::string> listed_;
    std::vector<std::string> broken_;
};

/// Of all that evaluates everybody is a member.
bool memberships_count(const sweep_files& files) {
    const auto aside = files.kept.parent_path() / "segments-aside";
    fs::create_directory(aside);
    for (const char* const name : {"segments.db", "segments.db-wal"})
        if (fs::exists(files.kept / name)) fs::copy_file(files.kept / name, aside / name);
    const auto members =
        sql::connection(aside / "segments.db", sql::access::write).integer_of("select count(*) from members");
    fs::remove_all(aside);
    return members == sweep_profiles;
}

} // namespace

bool shows_what_does_not_count(const sweep_files& files) {
    const auto above = dataset_directory(files.datasets(), sweep_acme, "x").parent_path();
    std::error_code none;
    for (const auto& dataset : fs::directory_iterator(above, none)) {
        if (!fs::exists(dataset.path() / "current.json")) continue;
        for (const auto& batch : json::parse(bytes_of(dataset.path() / "current.json")).at("batches")) {
            const auto name = "batch-" + batch.at("batchId").get<std::string>();
            const auto manifest = json::parse(bytes_of(dataset.path() / name / "manifest.json"));
            if (manifest.contains("evaluation")) return !memberships_count(files);
        }
    }
    return false;
}

std::vector<std::string> broken_promises(const sweep_files& files, const sweep_notes& notes) {
    try {
        return look(files, notes).at_everything();
    } catch (const std::exception& disaster) {
        return {std::string("the look at what is left failed: ") + disaster.what()};
    }
}

} // namespace waybill::test
