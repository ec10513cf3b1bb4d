waybill_tests(profile
    LINK waybill::engine waybill::json SQLite::SQLite3 Threads::Threads ZLIB::ZLIB "${ZSTD_LIBRARY}"
    SOURCES
        profile/broken_imports.tests.cpp
        profile/compressed_imports.tests.cpp
        profile/evaluated_conditions.tests.cpp
        profile/evaluation.tests.cpp
        profile/events.tests.cpp
        profile/export_scan.tests.cpp
        profile/graph.tests.cpp
        profile/identities.tests.cpp
        profile/import.tests.cpp
        profile/interchange.tests.cpp
        profile/interchange_files.tests.cpp
        profile/merge.tests.cpp
        profile/parse_queue.tests.cpp
        profile/policies.tests.cpp
        profile/projection.tests.cpp
        profile/record_reader.tests.cpp
        profile/schema.tests.cpp
        profile/selection.tests.cpp
        profile/shared_snapshot.tests.cpp
        profile/streamed_import.tests.cpp)
target_compile_definitions(profile_tests PRIVATE WAYBILL_SCHEMA="${PROJECT_SOURCE_DIR}/schema")
