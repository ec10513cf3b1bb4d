waybill_tests(engine LINK waybill::engine waybill::json SOURCES
    dataset/batch_writer.tests.cpp
    dataset/current_text.tests.cpp
    dataset/dataset_files.tests.cpp
    dataset/dataset_numbers.tests.cpp
    dataset/dataset_publisher.tests.cpp
    dataset/dataset_survey.tests.cpp
    dataset/layout.tests.cpp
    dataset/placement.tests.cpp
    dataset/staged_check.tests.cpp
    local/attempt_ends.tests.cpp
    local/batch_order.tests.cpp
    local/endless_source.tests.cpp
    local/export_memory.tests.cpp
    local/exported_rows.tests.cpp
    local/local_engine.tests.cpp
    local/ordered_blocks.tests.cpp
    local/own_source.tests.cpp)
