// A server of a test's own that speaks as a cluster's does, on real sockets: each request goes to what the
// test has put there, in the order in which they come, and is written down. What is answered may be slow,
// broken off or never come.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace waybill::test {

struct asked_request {
    std::string method;
    std::string target;
    std::string body;

    std::string line() const { return method + ' ' + target; }
};

struct given_answer {
    unsigned status = 200;
    std::string body{};
    enum class way {
        whole,
        broken_off, ///< the connection ends without an answer
        silent,     ///< nothing comes, until the server ends or lets go
        cut,        ///< the head promises more than comes
    } how = way::whole;
};

inline const given_answer broken_off{0, {}, given_answer::way::broken_off};
inline const given_answer silent{0, {}, given_answer::way::silent};

class spark_server {
  public:
    using handler = std::function<given_answer(const asked_request&)>;

    /// Called on the server's threads, one at a time.
    explicit spark_server(handler answer);
    ~spark_server();
    spark_server(const spark_server&) = delete;
    spark_server& operator=(const spark_server&) = delete;

    std::uint16_t port() const { return port_; }
    std::vector<asked_request> asked() const;
    /// How many requests were of this line, from its beginning on.
    std::size_t count(const std::string& line) const;
    /// Most connections that were open at once.
    std::size_t most_at_once() const;
    /// Until so many of this line have come.
    void wait_for(const std::string& line, std::size_t times = 1) const;
    /// Those that are kept waiting are closed.
    void let_go();

  private:
    struct impl;
    std::unique_ptr<impl> self_;
    std::uint16_t port_ = 0;
};

} // namespace waybill::test
