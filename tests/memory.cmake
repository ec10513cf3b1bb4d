# A program of its own, whose operator new fails when it is told to.
waybill_tests(memory LINK waybill::asio waybill::engine nlohmann_json::nlohmann_json SQLite::SQLite3 Threads::Threads
    SOURCES
        crash/driven_host.cpp
        crash/recovered_state.cpp
        memory/export_story.cpp
        memory/exports_out_of_memory.tests.cpp
        memory/failing_allocations.cpp
        memory/imports_out_of_memory.tests.cpp
        memory/out_of_memory.tests.cpp
        memory/store_script.cpp
        memory/writes_out_of_memory.tests.cpp)
set_target_properties(memory_tests PROPERTIES UNITY_BUILD OFF) # its files share names
