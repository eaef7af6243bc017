using System.Text;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Tests.Pipeline.Intake.Webhooks;

/// <summary>Status reports as carriers post them.</summary>
public sealed class StatusCallbackTests
{
    private const string Sid = "SM0123456789abcdef0123456789abcdef";

    private static StatusCallback Parse(string body, string query = "?m=42") =>
        StatusCallback.Parse(RawForm.Parse(Encoding.ASCII.GetBytes($"SmsSid={Sid}&AccountSid=ACx&MessageSid={Sid}&{body}")), query);

    [Fact]
    public void Delivery_is_read()
    {
        var report = Parse("SmsStatus=delivered&MessageStatus=delivered&To=%2B14158675309&From=%2B18005551212&ApiVersion=2010-04-01&RawDlrDoneDate=2611201432");
        report.Faults.ShouldBeEmpty();
        (report.MessageSid, report.AccountSid, report.Status, report.ErrorCode, report.OutboundId).ShouldBe((Sid, "ACx", "delivered", null, 42L));
        report.DoneAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 14, 32, 0, TimeSpan.Zero));
        report.To.Canonical.ShouldBe("+14158675309");
        report.Fields.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Failure_carries_its_code_and_words()
    {
        var report = Parse("MessageStatus=undelivered&ErrorCode=30003&ErrorMessage=Unreachable+handset");
        (report.Status, report.ErrorCode).ShouldBe(("undelivered", 30003));
        report.Fields["ErrorMessage"].ShouldBe("Unreachable handset");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("none")]
    [InlineData("99999999999")]
    public void Code_that_is_none_is_null(string code) => Parse($"MessageStatus=sent&ErrorCode={code}").ErrorCode.ShouldBeNull();

    [Fact]
    public void Reading_note_of_WhatsApp_counts_as_read() =>
        Parse("MessageStatus=delivered&EventType=READ&ChannelPrefix=whatsapp").Status.ShouldBe("read");

    [Theory]
    [InlineData("?m=42", 42L)]
    [InlineData("m=42", 42L)]
    [InlineData("?x=1&m=9223372036854775807&y", long.MaxValue)]
    [InlineData("", null)]
    [InlineData("?", null)]
    [InlineData("?m=", null)]
    [InlineData("?m=-1", null)]
    [InlineData("?m=1'", null)]
    [InlineData("?am=1", null)]
    [InlineData("?m=99999999999999999999", null)]
    public void Our_own_id_is_read_from_the_query(string query, long? id) => Parse("MessageStatus=sent", query).OutboundId.ShouldBe(id);

    [Theory]
    [InlineData("261120143")]
    [InlineData("2613201432")]
    [InlineData("x")]
    public void Odd_dates_are_left_out(string date) => Parse($"MessageStatus=sent&RawDlrDoneDate={date}").DoneAt.ShouldBeNull();

    [Fact]
    public void Missing_status_and_repeats_are_faults()
    {
        Parse("To=x").Faults.ShouldHaveSingleItem().Field.ShouldBe("MessageStatus");
        Parse("MessageStatus=sent&MessageStatus=sent").Faults.ShouldHaveSingleItem().Status.ShouldBe(403);
    }
}
