@portable
Feature: Bad payloads have a fate
  Whatever a device sends is stored, set aside with a reason, or refused; it
  never stops what comes behind it.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected

  Scenario Outline: <what> is archived, set aside once, and blocks nothing
    When "sensor-1" publishes to "devices/sensor-1/telemetry":
      """
      <payload>
      """
    And "sensor-1" reports temperature 20
    And the pipeline has drained
    Then the dead-letter queue holds 1 message of "sensor-1" with the reason "<reason>"
    And the archive holds 2 objects of "sensor-1"
    And Timestream holds the temperature 20 of "sensor-1"
    And no message was lost

    Examples:
      | what                  | payload                                                                            | reason      |
      | malformed JSON        | {"deviceId": "sensor-1", "timestamp":                                              | undecodable |
      | no data               | {"deviceId": "sensor-1", "timestamp": 1767225600000}                               | invalid     |
      | a text as a metric    | {"deviceId": "sensor-1", "timestamp": 1767225600000, "data": {"temperature": "x"}} | invalid     |
      | a time in float seconds | {"deviceId": "sensor-1", "timestamp": 1767225600.5, "data": {"temperature": 20}} | invalid     |
      | an array              | [1, 2, 3]                                                                          | invalid     |

  Scenario: Binary telemetry is set aside
    When "sensor-1" publishes the bytes "00ff10" to "devices/sensor-1/telemetry"
    And the pipeline has drained
    Then the dead-letter queue holds 1 message of "sensor-1" with the reason "undecodable"
    And no message was lost

  Scenario: A payload over 128 KiB is refused
    When "sensor-1" publishes 131073 bytes to "devices/sensor-1/telemetry"
    Then "sensor-1" is disconnected
    When the pipeline has drained
    Then the archive holds 0 objects of "sensor-1"
