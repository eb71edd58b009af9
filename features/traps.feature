Feature: The traps of the source pipeline
  The source document's pipeline loses data in these ways (DESIGN.md §5). The
  default pipeline does not.

  Background:
    Given the pipeline with a silence of "10m" and a sweep every "1m"
    And the device "sensor-1" is connected
    And "sensor-1" listens to its commands

  @portable
  Scenario: 1. Two messages in one millisecond are two objects
    When "sensor-1" reports temperature 20 and in the same millisecond temperature 21
    And the pipeline has drained
    Then the archive holds 2 objects of "sensor-1"

  @portable
  Scenario: 2. A late reading does not roll the state back
    When "sensor-1" reports temperature 22
    And "sensor-1" reports temperature 20 that is "5m" old
    And the pipeline has drained
    Then the state of "sensor-1" has the temperature 22
    And Timestream holds the temperature 20 of "sensor-1"

  @portable
  Scenario: 3. The list by status is not empty, and a missing device is 404
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    Then GET "/devices?status=online" answers 200 with "sensor-1"
    And GET "/devices/nobody" answers 404 with "not found"

  @portable
  Scenario: 4. One bad metric does not block the shard
    When "sensor-1" publishes to "devices/sensor-1/telemetry":
      """
      {"deviceId": "sensor-1", "timestamp": 1767225600000, "data": {"temperature": "hot"}}
      """
    And "sensor-1" reports temperature 20
    And the pipeline has drained
    Then Timestream holds the temperature 20 of "sensor-1"
    And the dead-letter queue holds 1 message of "sensor-1" with the reason "invalid"

  @portable
  Scenario: 5. A low battery alerts alone, once per crossing, with a clean message
    When "sensor-1" reports battery 8
    And "sensor-1" reports battery 7
    And "sensor-1" reports battery 50
    And "sensor-1" reports battery 8
    And the pipeline has drained
    Then 2 "WARNING" alerts about the battery of "sensor-1" were sent
    And no alert's message begins with " | "

  @portable
  Scenario: 6. A device id cannot break the alert's subject
    When "sensor-1" reports temperature 45 as device "x\ny"
    And the pipeline has drained
    Then 1 "WARNING" alert about the temperature of "sensor-1" was sent

  @portable
  Scenario: 7. The topic is the identity, not the payload
    When "sensor-1" reports temperature 33 as device "sensor-2"
    And the pipeline has drained
    Then Timestream holds the temperature 33 of "sensor-1"
    And the state of "sensor-2" does not exist

  Scenario: 8. A device silent for two hours is still known to be offline, whatever its clock says
    When "sensor-1" reports temperature 20 that is "-10m" old
    And "sensor-1" loses its connection
    And "2h" pass
    Then the device API says "sensor-1" is "offline"

  @portable
  Scenario: 9. A reading that Timestream rejects is set aside with AWS's reason
    When "sensor-1" reports temperature 20 that is "200h" old
    And "sensor-1" reports temperature 21
    And the pipeline has drained
    Then the dead-letter queue holds 1 message of "sensor-1" with the reason "rejected"
    And Timestream holds the temperature 21 of "sensor-1"
    And no message was lost

  Scenario: 10. A failing rule action and a failing function end in the dead-letter queue
    Given the stream is deleted
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    Then the dead-letter queue holds 1 message about the rule "TelemetryToKinesis"

  @portable
  Scenario: 11. A low battery does not hide a critical temperature
    When "sensor-1" reports temperature 55 and battery 5
    And the pipeline has drained
    Then 1 "CRITICAL" alert about the temperature of "sensor-1" was sent
    And 1 "WARNING" alert about the battery of "sensor-1" was sent
    And "sensor-1" received the command "enter_safe_mode"

  @portable
  Scenario: 12. The device state is written
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    Then the state of "sensor-1" has the temperature 20

  @portable
  Scenario: 13. The status topic is read, with float seconds as the source's firmware sends them
    When "sensor-1" publishes to "devices/sensor-1/status":
      """
      {"status": "online", "timestamp": 1767225600.25}
      """
    And the pipeline has drained
    Then the state of "sensor-1" has the reported status "online"

  @portable
  Scenario: 14. The list defaults to what devices say, and alerts are kept
    When "sensor-1" reports temperature 45
    And the pipeline has drained
    Then GET "/devices" answers 200 with "sensor-1"
    And the alert history of "sensor-1" has 1 alert

  @slow
  Scenario: The published pipeline shows them
    Then the scenario "as-published" loses messages in the time series and in the device state
