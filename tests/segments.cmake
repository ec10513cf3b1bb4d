waybill_tests(segments LINK waybill::engine waybill::json nlohmann_json::nlohmann_json SQLite::SQLite3 Threads::Threads
    SOURCES
        segments/definition_dependencies.tests.cpp
        segments/definition_document.tests.cpp
        segments/definition_rules.tests.cpp
        segments/expression_trial.tests.cpp
        segments/membership.tests.cpp
        segments/segment_listing.tests.cpp
        segments/segment_schema.tests.cpp
        segments/segment_store.tests.cpp
        segments/staged_memberships.tests.cpp
        segments/takeover.tests.cpp
        segments/takeover_power_cut.tests.cpp
        support/power_cut_disk.cpp
        support/power_cut_vfs.cpp
        support/torn_file.cpp)
target_compile_definitions(segments_tests PRIVATE WAYBILL_SCHEMA="${PROJECT_SOURCE_DIR}/schema")
