add_library(waybill_fault MODULE
    fault/call_record.cpp
    fault/fault_library.cpp
    fault/verdict.cpp)
target_compile_features(waybill_fault PRIVATE cxx_std_20)
target_include_directories(waybill_fault PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
add_library(waybill_clock MODULE fault/clock_library.cpp)
add_library(waybill_memory MODULE fault/memory_library.cpp)
target_include_directories(waybill_memory PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
target_include_directories(waybill_clock PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")

add_executable(sweep_script
    crash/driven_host.cpp
    crash/sweep_script.cpp)
target_compile_features(sweep_script PRIVATE cxx_std_20)
target_include_directories(sweep_script PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
target_link_libraries(sweep_script PRIVATE waybill::engine Threads::Threads)

waybill_tests(sweep LINK waybill::engine nlohmann_json::nlohmann_json
    SOURCES
        crash/crash_sweep.tests.cpp
        crash/power_cuts.tests.cpp
        crash/recovered_state.cpp
        support/program.cpp
        support/recorded_disk.cpp
        support/torn_file.cpp)
target_compile_definitions(sweep_tests PRIVATE
    WAYBILL_TOOL="$<TARGET_FILE:waybill>"
    WAYBILL_FAULT_LIBRARY="$<TARGET_FILE:waybill_fault>"
    WAYBILL_SWEEP_SCRIPT="$<TARGET_FILE:sweep_script>"
    WAYBILLD="$<TARGET_FILE:waybilld>")
add_dependencies(sweep_tests waybill_fault sweep_script waybill waybilld)

waybill_tests(faults LINK waybill::engine nlohmann_json::nlohmann_json Boost::headers Threads::Threads
    SOURCES
        crash/recovered_state.cpp
        fault/clock.tests.cpp
        fault/damaged_store.tests.cpp
        fault/evaluated_faults.tests.cpp
        fault/failing_reads.tests.cpp
        fault/host_faults.tests.cpp
        fault/host_health.tests.cpp
        fault/host_memory.tests.cpp
        fault/small_disk.tests.cpp
        fault/story_faults.tests.cpp
        support/program.cpp)
target_compile_definitions(faults_tests PRIVATE
    WAYBILL_CLOCK_LIBRARY="$<TARGET_FILE:waybill_clock>"
    WAYBILL_FAULT_LIBRARY="$<TARGET_FILE:waybill_fault>"
    WAYBILL_MEMORY_LIBRARY="$<TARGET_FILE:waybill_memory>"
    WAYBILL_SWEEP_SCRIPT="$<TARGET_FILE:sweep_script>"
    WAYBILL_TOOL="$<TARGET_FILE:waybill>"
    WAYBILLD="$<TARGET_FILE:waybilld>")
add_dependencies(faults_tests waybill_clock waybill_fault waybill_memory sweep_script waybilld waybill)
