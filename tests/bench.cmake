if(TARGET waybill-bench)
    waybill_tests(bench
        LINK nlohmann_json::nlohmann_json SQLite::SQLite3 waybill::store
        SOURCES
            bench/bench.tests.cpp
            bench/exports.tests.cpp
            bench/same_rows.tests.cpp
            support/program.cpp
            ${PROJECT_SOURCE_DIR}/tools/bench/evaluated_members.cpp
            ${PROJECT_SOURCE_DIR}/tools/bench/exported_rows.cpp
            ${PROJECT_SOURCE_DIR}/tools/bench/raw_database.cpp
            ${PROJECT_SOURCE_DIR}/tools/bench/same_rows.cpp)
    target_include_directories(bench_tests PRIVATE "${PROJECT_SOURCE_DIR}/tools/bench")
    # support/program.cpp wants to know where a host is, although none is started here.
    target_compile_definitions(bench_tests PRIVATE
        WAYBILL_BENCH="$<TARGET_FILE:waybill-bench>"
        WAYBILLD="")
    add_dependencies(bench_tests waybill-bench)
endif()
