namespace SmsAi.Tests;
/// <summary>x</summary>
public class Placeholder { [Fact] public void One() => (1 + 1).ShouldBe(2); }
