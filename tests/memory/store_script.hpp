// Something of everything that a store is asked for, while memory runs out. What throws is asked again; what
// was acknowledged is kept in mind, to be looked for afterwards.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <waybill/job_owner.hpp>
#include <waybill/job_store.hpp>

#include "memory/failing_allocations.hpp"
#include "support/a_job.hpp"

namespace waybill::test {

class store_script {
  public:
    explicit store_script(std::filesystem::path file) : file_(std::move(file)) {}

    void run();

    /// What was acknowledged last of each job.
    const std::map<job_id, job_status>& acknowledged() const { return acknowledged_; }
    /// How often a verb had to be asked again: each time may have left a job that nobody was told of.
    int repetitions() const { return repetitions_; }
    /// What no lack of memory excuses.
    const std::vector<std::string>& complaints() const { return complaints_; }
    job_store_options options() const;

  private:
    template <class Verb>
    auto persist(const char* name, Verb verb) {
        std::string last = "no memory";
        for (int tries = 1;; ++tries) {
            try {
                const failing_allocations::window counts;
                return verb();
            } catch (const std::bad_alloc&) {
            } catch (const store_failure& trouble) {
                last = trouble.what();
                if (trouble.why() != store_failure::kind::io)
                    complaints_.push_back(std::string(name) + ": " + trouble.what());
            }
            ++repetitions_;
            if (tries > most_tries)
                throw std::runtime_error(std::string(name) + " never works again: " + last);
        }
    }
    void expect(bool holds, const char* what) {
        if (!holds) complaints_.emplace_back(what);
    }

    void open();
    job_id create(const tenant& owner, const new_export_job& request, const std::string& key = {});
    void create_together();
    std::vector<owned_attempt> claim(std::size_t most);
    void succeed(const owned_attempt& attempt);
    void fail(const owned_attempt& attempt);
    void put_back(const owned_attempt& attempt);
    void cancel(job_id id, job_status becomes);
    void settle_cancelled();
    void retry(job_id id);
    void read();
    void look_after();
    void take_over(job_id orphan);

    static constexpr int most_tries = 100;
    std::filesystem::path file_;
    std::unique_ptr<job_store> store_;
    std::map<job_id, job_status> acknowledged_;
    int repetitions_ = 0;
    std::vector<std::string> complaints_;
};

} // namespace waybill::test
