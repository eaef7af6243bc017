using SmsAi.Core.Features.SystemCheck;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.SystemCheck;

/// <summary>The webhook log by page and by verdict.</summary>
public sealed class WebhookLogTests : IAsyncLifetime
{
    private static readonly WebhookFilter Everything = new(DateTimeOffset.UnixEpoch);

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        // Several of the same moment: the page's end must not lose any of them.
        await _database.ExecuteAsync("""
            insert into webhook_log (at, path, verdict, status, times)
            select '2026-03-01'::timestamptz + n / 4 * interval '1 minute', case when n % 5 = 0 then '/sms/status' else '/sms/receive' end,
              (array['signature_mismatch', 'header_missing', 'too_large'])[1 + n % 3], 403, n
            from generate_series(1, 25) n
            """);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Pages_follow_each_other_down_and_up_without_a_gap()
    {
        var first = await ReadAsync(Everything);
        var second = await ReadAsync(Everything, before: first.Lines[^1].Cursor);
        var third = await ReadAsync(Everything, before: second.Lines[^1].Cursor);
        var back = await ReadAsync(Everything, after: third.Lines[0].Cursor);

        first.Lines.Concat(second.Lines).Concat(third.Lines).Select(line => line.Times).ShouldBe(Enumerable.Range(1, 25).Reverse());
        (first.HasNewer, first.HasOlder, third.HasNewer, third.HasOlder).ShouldBe((false, true, true, false));
        back.Lines.ShouldBe(second.Lines);
    }

    [Fact]
    public async Task Verdict_and_path_leave_only_their_own()
    {
        (await ReadAsync(Everything with { Verdict = "too_large" })).Lines.Select(line => line.Times).ShouldBe([23, 20, 17, 14, 11, 8, 5, 2]);
        (await ReadAsync(Everything with { Verdict = "too_large", Path = "/sms/status" })).Lines.Select(line => line.Times).ShouldBe([20, 5]);
        (await ReadAsync(Everything with { Verdict = "' or true --" })).Lines.ShouldBeEmpty();
        (await new WebhookLog(_database.Databases).VerdictsAsync(CancellationToken.None)).ShouldBe(["header_missing", "signature_mismatch", "too_large"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5-x")]
    [InlineData("9223372036854775807-1")]
    public void Cursor_somebody_made_up_is_none(string text) => WebhookCursor.Parse(text).ShouldBeNull();

    private Task<WebhookWindow> ReadAsync(WebhookFilter filter, WebhookCursor? before = null, WebhookCursor? after = null) =>
        new WebhookLog(_database.Databases).ReadAsync(filter, before, after, 10, CancellationToken.None);
}
