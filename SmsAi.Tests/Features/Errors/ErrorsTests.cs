using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Errors;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Errors;

/// <summary>Kept errors by page and filter, resolved, reopened, and removed in time.</summary>
public sealed class ErrorsTests : IAsyncLifetime
{
    private static readonly ErrorFilter Everything = new(DateTimeOffset.UnixEpoch);
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Operator);

    private TestDatabase _database = null!;
    private OpenErrors _open = null!;
    private ErrorList _list = null!;
    private ErrorActs _acts = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _open = new OpenErrors(_database.Databases, TimeProvider.System, NullLogger<OpenErrors>.Instance);
        _list = new ErrorList(_database.Databases);
        _acts = new ErrorActs(_database.Databases, _open);
    }

    public async ValueTask DisposeAsync()
    {
        _open.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Pages_follow_each_other_down_and_up_without_a_gap()
    {
        await FillAsync(25);

        var first = await ReadAsync(Everything);
        var second = await ReadAsync(Everything, before: first.Errors[^1].Cursor);
        var third = await ReadAsync(Everything, before: second.Errors[^1].Cursor);
        var back = await ReadAsync(Everything, after: third.Errors[0].Cursor);

        first.Errors.Concat(second.Errors).Concat(third.Errors).Select(error => error.Id).ShouldBe(Enumerable.Range(1, 25).Reverse().Select(n => (long)n));
        (first.HasNewer, first.HasOlder, third.HasNewer, third.HasOlder).ShouldBe((false, true, true, false));
        back.Errors.Select(error => error.Id).ShouldBe(second.Errors.Select(error => error.Id));
    }

    [Fact]
    public async Task Each_filter_leaves_only_its_own()
    {
        await FillAsync(12);
        await _acts.ResolveAsync(6, "", Mara, CancellationToken.None);

        (await IdsAsync(Everything with { Category = "NETWORK" })).ShouldBe([12, 10, 8, 6, 4, 2]);
        (await IdsAsync(Everything with { Severity = "CRITICAL" })).ShouldBe([12, 9, 6, 3]);
        (await IdsAsync(Everything with { Component = "Sending", Severity = "CRITICAL" })).ShouldBe([12]);
        (await IdsAsync(Everything with { IsOpen = false })).ShouldBe([6]);
        (await IdsAsync(Everything with { IsOpen = true, Severity = "CRITICAL" })).ShouldBe([12, 9, 3]);
        (await IdsAsync(Everything with { Kind = "none" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_error_leads_to_its_texts_its_person_and_the_log()
    {
        await _database.ExecuteAsync("""
            insert into users (id, phone_hash, phone_tail, alias) values (7, sha256('x'), '41', 'amber-otter-12');
            insert into error_logs (id, user_id, error_type, error_message, stack_trace, category, severity, component, operation, metadata) values
              (1, 7, 'loop', 'Two machines', 'at SmsAi.Loop', 'BUSINESS_LOGIC', 'HIGH', 'LoopGuard', 'mute',
               '{"count": 12, "last_at": "2026-03-01T10:00:00Z", "correlations": ["4711", "0af7651916cd43dd8448eb211c80319c"], "message": 4712, "why": "echo"}')
            """);

        var detail = (await _list.FindAsync(1, CancellationToken.None))!;

        detail.Error.Person.ShouldBe(new ErrorPerson(7, "amber-otter-12", "41"));
        detail.Error.Context.Count.ShouldBe(12);
        detail.Error.Context.LastAt.ShouldBe(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
        detail.Error.Context.Messages.ShouldBe([4712, 4711]);
        detail.Error.Context.Correlations.ShouldBe(["0af7651916cd43dd8448eb211c80319c"]);
        detail.Error.Context.Others.ShouldBe([KeyValuePair.Create("why", "echo")]);
        (detail.Stack, detail.OpenOfKind).ShouldBe(("at SmsAi.Loop", 1));
        (await _list.FindAsync(2, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Resolved_and_reopened_error_says_who_and_why_here_and_in_the_trail()
    {
        await FillAsync(3);

        (await _acts.ResolveAsync(2, "disk was full", Mara, CancellationToken.None)).Changed.ShouldBe(1);
        (await _acts.ResolveAsync(2, "me too", Mara with { Name = "Jonas" }, CancellationToken.None)).ShouldBe(new ErrorsChanged(0, "Mara"));
        var resolved = (await _list.FindAsync(2, CancellationToken.None))!.Error;
        (resolved.IsResolved, resolved.ResolvedBy, resolved.Note).ShouldBe((true, "Mara", "disk was full"));
        _open.Count.ShouldBe(2);

        (await _acts.ReopenAsync(2, "full again", Mara, CancellationToken.None)).Changed.ShouldBe(1);

        _open.Count.ShouldBe(3);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || (metadata ->> 'reason') from audit order by id"))
            .ShouldBe(["Mara error.resolve error:2 disk was full", "Mara error.reopen error:2 full again"]);
    }

    [Fact]
    public async Task All_of_a_kind_are_resolved_but_not_the_one_that_came_while_somebody_decided()
    {
        await FillAsync(8);
        var seen = (await _list.FindAsync(4, CancellationToken.None))!;
        seen.OpenOfKind.ShouldBe(2);
        await _database.ExecuteAsync("insert into error_logs (id, error_type, error_message, component) select 90, error_type, 'later', component from error_logs where id = 4");

        (await _acts.ResolveKindAsync(seen.Error, seen.NewestOfKind, "fixed in 1.4", Mara, CancellationToken.None)).Changed.ShouldBe(2);

        (await IdsAsync(Everything with { IsOpen = false })).ShouldBe([8, 4]);
        (await _database.ScalarAsync<string>("select metadata ->> 'errors' from audit where action = 'error.resolve_kind'")).ShouldBe("2");
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData("")]
    public async Task Whoever_may_not_operate_resolves_nothing(string role)
    {
        await FillAsync(1);
        var actor = Mara with { Role = role };

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.ResolveAsync(1, "", actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.ReopenAsync(1, "", actor, CancellationToken.None));
        var seen = (await _list.FindAsync(1, CancellationToken.None))!;
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.ResolveKindAsync(seen.Error, 1, "", actor, CancellationToken.None));
        (await _database.ScalarAsync<long>("select count(*) from error_logs where resolved") + await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Fact]
    public async Task After_ninety_days_errors_and_webhook_lines_are_gone()
    {
        await _database.ExecuteAsync("""
            insert into error_logs (id, error_type, error_message, at) values (1, 'old', 'x', now() - interval '91 days'), (2, 'new', 'x', now() - interval '89 days');
            insert into webhook_log (id, path, verdict, status, at) values (1, '/sms/receive', 'too_large', 413, now() - interval '91 days'), (2, '/sms/receive', 'too_large', 413, now());
            """);

        var removed = await new LogRetention(_database.Databases, TimeProvider.System, NullLogger<LogRetention>.Instance).RemoveAsync(CancellationToken.None);

        removed.ShouldBe(2);
        (await _database.ListAsync<long>("select id from error_logs union all select id from webhook_log")).ShouldBe([2, 2]);
    }

    [Fact]
    public async Task Screens_are_told_when_the_number_of_open_ones_changes()
    {
        var told = 0;
        _open.Changed += () => Interlocked.Increment(ref told);
        await _open.StartAsync(CancellationToken.None);
        await FillAsync(2);

        await Until.TrueAsync(() => _open.Count == 2 && told > 0, "two are counted");
        await _open.StopAsync(CancellationToken.None);
    }

    private Task FillAsync(int errors) => _database.ExecuteAsync(
        """
        insert into error_logs (id, error_type, error_message, category, severity, component, at)
        select n, 'kind_' || n % 4, 'Error ' || n, (array['NETWORK', 'DATABASE'])[1 + n % 2], (array['CRITICAL', 'HIGH', 'LOW'])[1 + n % 3],
          (array['Sending', 'Intake', 'Replying', 'Limits'])[1 + n % 4], '2026-03-01'::timestamptz + n / 4 * interval '1 minute'
        from generate_series(1, $1) n
        """,
        errors);

    private async Task<long[]> IdsAsync(ErrorFilter filter) => [.. (await ReadAsync(filter)).Errors.Select(error => error.Id)];

    private Task<ErrorWindow> ReadAsync(ErrorFilter filter, ErrorCursor? before = null, ErrorCursor? after = null) =>
        _list.ReadAsync(filter, before, after, 10, CancellationToken.None);
}
