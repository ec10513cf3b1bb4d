waybill_tests(json
    LINK waybill::json nlohmann_json::nlohmann_json
    SOURCES
        model/batch_id.tests.cpp
        model/cursor.tests.cpp
        model/field_paths.tests.cpp
        model/job_status.tests.cpp
        model/merge_policy.tests.cpp
        model/staging_key.tests.cpp
        model/timestamp.tests.cpp
        json/document.tests.cpp
        json/document_values.tests.cpp
        json/golden.tests.cpp
        json/job_reader.tests.cpp
        json/job_rules.tests.cpp
        json/job_writer.tests.cpp
        json/page_writer.tests.cpp)
target_compile_definitions(json_tests PRIVATE "WAYBILL_GOLDEN=\"${CMAKE_CURRENT_SOURCE_DIR}/json/golden\"")
set_target_properties(json_tests PROPERTIES UNITY_BUILD OFF) # its files use the same names
