Feature: What was drawn from a seed keeps its promises
  `shakedown explore` draws scenarios with faults that heal, and writes what breaks a
  promise as a scenario file and a feature with these steps.

  Scenario Outline: <what>
    Given the scenario of seed <seed>
    When it runs
    Then it holds that "no acknowledged message is lost"
    And it holds that "device state never goes back in time"
    And it holds that "after healing everything drains"
    And every promise is kept

    Examples:
      | seed | what                                               |
      | 3    | a crossing of the battery, and links that break    |
      | 16   | calls that fail while readings come late           |
      | 343  | payloads that are broken until they are all alike  |
