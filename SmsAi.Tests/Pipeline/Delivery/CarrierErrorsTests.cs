using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Tests.Pipeline.Delivery;

/// <summary>What we do about each of the carrier's errors.</summary>
public sealed class CarrierErrorsTests
{
    [Theory]
    [InlineData(CarrierAction.Retry, new[] { 20429, 30001, 30008, 30017, 30022, 30410, 63017, 63018, 30020, 30021 })]
    [InlineData(CarrierAction.SuppressConsent, new[] { 21610, 63033, 63014 })]
    [InlineData(CarrierAction.SuppressUnreachable, new[] { 30003, 30004, 30005, 30006, 21211, 21614, 21612, 63024 })]
    [InlineData(CarrierAction.Content, new[] { 30007, 30019, 21617, 21602, 21620, 21623, 63013 })]
    [InlineData(CarrierAction.SenderPause, new[] { 30002, 30018, 30024, 30032, 30034, 21606, 21603, 21659, 21611 })]
    [InlineData(CarrierAction.CarrierCap, new[] { 30023, 30025, 30026, 30027 })]
    [InlineData(CarrierAction.Config, new[] { 20003, 20404, 21609 })]
    [InlineData(CarrierAction.LoopMute, new[] { 14107, 30039 })]
    [InlineData(CarrierAction.Permanent, new[] { 21408, 63016, 63032, 30409, 35115, 35125, 21608, 99999 })]
    public void Code_has_its_action(CarrierAction action, int[] codes) =>
        codes.Select(code => CarrierErrors.Find(code)).ShouldAllBe(error => error.Action == action);

    [Fact]
    public void Opted_out_is_said_in_plain_words() => CarrierErrors.Find(21610).Words.ShouldBe("Not sent: this person opted out.");

    [Fact]
    public void Unknown_code_ends_the_text_and_is_named()
    {
        var error = CarrierErrors.Find(31337);
        (error.Code, error.Class, error.IsTerminal, error.Words).ShouldBe((31337, "unknown", true, "Not sent: the carrier gave error 31337."));
    }

    [Fact]
    public void Unexplained_failure_is_tried_once_more_only()
    {
        CarrierErrors.Find(30008).Retries.ShouldBe(1);
        CarrierErrors.Find(20429).Retries.ShouldBeNull();
    }

    [Theory]
    [InlineData(400, 21610, CarrierAction.SuppressConsent)]
    [InlineData(403, 21610, CarrierAction.SuppressConsent)]
    [InlineData(429, null, CarrierAction.Retry)]
    [InlineData(429, 1, CarrierAction.Retry)]
    [InlineData(401, null, CarrierAction.Config)]
    [InlineData(403, 70051, CarrierAction.Config)]
    [InlineData(404, null, CarrierAction.Config)]
    [InlineData(400, null, CarrierAction.Permanent)]
    [InlineData(400, 31337, CarrierAction.Permanent)]
    public void Definite_refusal_is_understood(int status, int? code, CarrierAction action) =>
        CarrierErrors.ForAnswer(status, code).ShouldNotBeNull().Action.ShouldBe(action);

    [Theory]
    [InlineData(500, 20500)]
    [InlineData(503, null)]
    [InlineData(408, null)]
    [InlineData(201, null)]
    public void Answer_that_leaves_it_open_is_no_error(int status, int? code) => CarrierErrors.ForAnswer(status, code).ShouldBeNull();

    [Fact]
    public void Every_error_has_a_sentence() =>
        CarrierErrors.Known.ShouldAllBe(error => error.Words.EndsWith('.') && error.Words.Length > 20 && error.Class.Length > 0);
}
