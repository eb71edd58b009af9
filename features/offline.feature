Feature: Offline detection
  A device that falls silent is found offline, one that reports again is online.

  Background:
    Given the pipeline with a silence of "10m" and a sweep every "1m"
    And the device "sensor-1" is connected
    And the device "sensor-2" is connected

  Scenario: Offline and back
    When "sensor-1" reports temperature 20
    And "sensor-1" loses its connection
    And "9m" pass
    Then the device API says "sensor-1" is "online"
    When "2m" pass
    Then the device API says "sensor-1" is "offline"
    And the device API lists "sensor-1" as "offline"
    When the device "sensor-1" is connected
    And "sensor-1" reports temperature 21
    And the pipeline has drained
    Then the device API says "sensor-1" is "online"

  Scenario: A device that reports is never offline
    When "sensor-2" reports temperature 20 every "1m" for "30m"
    Then the device API says "sensor-2" is "online"

  Scenario: A half-open connection is found by the silence
    When "sensor-1" reports temperature 20
    And the link of "sensor-1" is cut without a word
    And "12m" pass
    Then the device API says "sensor-1" is "offline"
    And the broker no longer has "sensor-1" connected
