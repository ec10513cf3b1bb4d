#include <catch2/catch.hpp>

#include <waybill/spark_engine.hpp>

using namespace waybill;

TEST_CASE("A cluster's URL names its protocol, host and port") {
    CHECK(parse_spark_url("spark://master.example:6067").value() ==
          spark_url{spark_protocol::standalone, "master.example", 6067, ""});
    CHECK(parse_spark_url("spark://10.0.0.1").value() ==
          spark_url{spark_protocol::standalone, "10.0.0.1", 6066, ""});
    CHECK(parse_spark_url("http://livy").value() == spark_url{spark_protocol::livy, "livy", 8998, ""});
    CHECK(parse_spark_url("http://livy:80/gateway/livy/").value() ==
          spark_url{spark_protocol::livy, "livy", 80, "/gateway/livy"});
    CHECK(parse_spark_url("spark://[::1]:6066").value() ==
          spark_url{spark_protocol::standalone, "::1", 6066, ""});
}

TEST_CASE("What a URL is read from is what it is written as") {
    for (const auto* const text :
         {"spark://master:6066", "spark://[2001:db8::1]:7000", "http://livy:8998", "http://livy:80/a/b"}) {
        CAPTURE(text);
        CHECK(to_text(parse_spark_url(text).value()) == text);
    }
}

TEST_CASE("What is no URL of a cluster is told with what was expected") {
    for (const auto* const text :
         {"", "spark", "spark://", "spark://:6066", "spark://master:", "spark://master:0",
          "spark://master:65536", "spark://master:6066x", "spark://a,b:6066", "spark://user@master:6066",
          "spark://master:6066/path", "spark://[::1", "spark://[::1]x", "spark://::1:6066", "yarn://x",
          "http://", "http://livy:8998/a b", "http://livy:8998/?a=b", "http://livy?x"}) {
        CAPTURE(text);
        const auto read = parse_spark_url(text);
        REQUIRE_FALSE(read.ok());
        CHECK(read.error().message.starts_with("expected spark://HOST:6066"));
    }
    CHECK(parse_spark_url("https://livy").error().message.starts_with("https is not spoken"));
}
