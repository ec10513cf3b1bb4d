waybill_tests(spark LINK waybill::spark waybill::engine waybill::json waybill::store Boost::headers nlohmann_json::nlohmann_json
    SOURCES
    spark/cancel.tests.cpp
    spark/http_client.tests.cpp
    spark/job_life.tests.cpp
    spark/livy.tests.cpp
    spark/restart.tests.cpp
    spark/spark_url.tests.cpp
    spark/staged_attempt.tests.cpp
    spark/submission.tests.cpp
    spark/watching.tests.cpp
    spark/spark_server.cpp)
# As of the libraries that use Asio.
target_compile_definitions(spark_tests PRIVATE BOOST_ASIO_DISABLE_BOOST_ALIGN BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC)
