#include <waybill/job_store.hpp>

#include "sql/migrator.hpp"
#include "sql/transaction.hpp"
#include "store/job_tables.hpp"
#include "store/store_statistics.hpp"

namespace waybill {

struct job_reader::impl {
    explicit impl(const std::filesystem::path& file)
        : database(file, sql::access::read), tables(database), numbers(database) {}

    sql::connection database;
    store::job_tables tables;
    store::statistics_reader numbers;
};

job_reader::job_reader(std::unique_ptr<impl> self) : self_(std::move(self)) {}
job_reader::job_reader(job_reader&&) noexcept = default;
job_reader& job_reader::operator=(job_reader&&) noexcept = default;
job_reader::~job_reader() = default;

result<job_reader> job_reader::open(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        return failure{errc::not_found, "there is no job store " + file.string(), {}};
    auto self = std::make_unique<impl>(file);
    const auto known = sql::jobs_migrations();
    if (sql::check_schema(self->database, known) != known.back().version)
        throw store_failure(store_failure::kind::corrupt,
                            file.string() +
                                ": its schema is older than this Waybill's; run 'waybill migrate up'");
    self->numbers.begin();
    return job_reader(std::move(self));
}

result<export_job> job_reader::find(const tenant& owner, job_id id) {
    const sql::snapshot one_state(self_->database);
    return self_->tables.find(owner, id);
}

result<job_page> job_reader::list(const tenant& owner, const job_query& query) {
    const sql::snapshot one_state(self_->database);
    return self_->tables.list(owner, query);
}

result<std::vector<job_transition>> job_reader::transitions(const tenant& owner, job_id id) {
    const sql::snapshot one_state(self_->database);
    if (!self_->tables.jobs.find(owner, id)) return store::no_such_job(id);
    return self_->tables.transitions.of_job(id);
}

std::vector<recorded_transition> job_reader::transitions_after(std::int64_t sequence, std::size_t most) {
    const sql::snapshot one_state(self_->database);
    return self_->tables.transitions.after(sequence, most);
}

std::int64_t job_reader::newest_transition() {
    const sql::snapshot one_state(self_->database);
    return self_->tables.transitions.newest();
}

result<std::optional<job_id>> job_reader::evaluating(const tenant& owner, const std::string& segment) {
    const sql::snapshot one_state(self_->database);
    const auto tenant_id = self_->tables.tenants.find(owner);
    if (!tenant_id) return std::optional<job_id>();
    return self_->tables.jobs.evaluating(*tenant_id, segment);
}

std::vector<audit_entry> job_reader::audit(const audit_query& query) {
    const sql::snapshot one_state(self_->database);
    return self_->tables.audit.list(query);
}

store_statistics job_reader::statistics() {
    const sql::snapshot one_state(self_->database);
    return self_->numbers.read();
}

} // namespace waybill
