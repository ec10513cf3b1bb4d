#include <catch2/catch.hpp>

#include <boost/asio/io_context.hpp>

#include "spark/http_client.hpp"
#include "spark/spark_server.hpp"

using namespace waybill::spark;
using namespace waybill::test;

namespace {

/// A client on the test's own thread.
struct asking {
    boost::asio::io_context context;
    http_client client;

    asking(const spark_server& server, http_client::limits how)
        : client(context, {"127.0.0.1", std::to_string(server.port())}, how) {}

    std::vector<http_answer> ask(std::size_t times, http_request what = {"GET", "/x", {}}) {
        std::vector<http_answer> answers;
        for (std::size_t i = 0; i < times; ++i)
            client.ask(what, [&](http_answer answer) { answers.push_back(std::move(answer)); });
        while (answers.size() < times) {
            client.pump();
            context.restart();
            context.run_one();
        }
        return answers;
    }
};

} // namespace

TEST_CASE("So many connections are open at once, and the other requests wait for their turn") {
    spark_server server([](const asked_request&) { return silent; });
    asking one(server, {.connections = 3});
    std::size_t answers = 0;
    for (int i = 0; i < 9; ++i)
        one.client.ask({"GET", "/x", {}}, [&](const http_answer&) { ++answers; });
    const auto run_until = [&](const std::function<bool()>& so) {
        while (!so()) {
            one.client.pump();
            one.context.restart();
            one.context.poll();
        }
    };
    for (std::size_t turn = 3; turn <= 9; turn += 3) {
        run_until([&] { return server.asked().size() >= turn; });
        server.let_go();
        run_until([&] { return answers >= turn; });
    }
    CHECK(server.asked().size() == 9);
    CHECK(server.most_at_once() == 3);
}

TEST_CASE("An answer's body is taken up to its limit, and none that is larger") {
    spark_server server([](const asked_request& asked) {
        return given_answer{200, std::string(std::stoul(asked.body), 'x')};
    });
    asking one(server, {.body = 1'000});
    CHECK(one.ask(1, {"POST", "/x", "1000"})[0].body.size() == 1'000);
    const auto larger = one.ask(1, {"POST", "/x", "1001"})[0];
    CHECK(larger.status == 0);
    CHECK(larger.body.empty());
    CHECK(larger.sent);
    CHECK_FALSE(larger.trouble.empty());
}

TEST_CASE("An answer that does not come in time is none, and nor is one that never ends") {
    const auto given = GENERATE(given_answer{0, {}, given_answer::way::silent},
                                given_answer{200, "{", given_answer::way::cut});
    spark_server server([&](const asked_request&) { return given; });
    asking one(server, {.time = std::chrono::milliseconds{30}});
    const auto answer = one.ask(1)[0];
    CHECK(answer.status == 0);
    CHECK(answer.sent);
}

TEST_CASE("A request that nobody takes was not sent") {
    std::string port;
    {
        const spark_server gone([](const asked_request&) { return given_answer{}; });
        port = std::to_string(gone.port());
    }
    boost::asio::io_context context;
    http_client client(context, {"127.0.0.1", port}, {});
    http_answer answer;
    answer.sent = true;
    client.ask({"GET", "/x", {}}, [&](http_answer given) { answer = std::move(given); });
    client.pump();
    context.run();
    CHECK_FALSE(answer.sent);
    CHECK(answer.trouble == "Connection refused");
}
