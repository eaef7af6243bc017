using System.Diagnostics;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>Whoever touches the trail's rows is found out, down to the row; the program itself can't touch them.</summary>
public sealed class ChainCheckTests : IAsyncLifetime
{
    private const int Lines = 200;

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.FillAsync(Lines);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Untouched_chain_is_whole_and_the_verdict_is_remembered_and_in_the_trail()
    {
        var verdict = await VerifyAsync();

        (verdict.IsWhole, verdict.Rows, verdict.HeadId, verdict.By).ShouldBe((true, Lines, Lines, "Vera"));
        var remembered = (await HandTrail.Check(_database).LastAsync(CancellationToken.None))!;
        (remembered.At, remembered.Rows, remembered.IsWhole, remembered.By).ShouldBe((verdict.At, Lines, true, "Vera"));
        remembered.HeadHash.ShouldBe(verdict.HeadHash);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || (metadata ->> 'rows') || ' ' || host(ip) from audit where action = 'audit.verify'"))
            .ShouldBe([$"Vera audit.verify {Lines} 10.20.0.31"]);
        (await VerifyAsync()).Rows.ShouldBe(Lines + 1, "the act itself is a row of the chain");
    }

    [Fact]
    public async Task Empty_trail_is_whole()
    {
        await using var empty = await TestDatabase.CreateAsync();

        var verdict = await HandTrail.Check(empty).VerifyAsync(HandTrail.Auditor, CancellationToken.None);

        (verdict.IsWhole, verdict.Rows).ShouldBe((true, 0));
        (await HandTrail.Check(empty).VerifyAsync(HandTrail.Auditor, CancellationToken.None)).IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("update audit set actor = 'Nobody' where id = 77", ChainFault.Altered, 77, 77)]
    [InlineData("update audit set metadata = '{}' where id in (77, 90)", ChainFault.Altered, 77, 77)]
    [InlineData("update audit set at = at + interval '1 microsecond' where id = 77", ChainFault.Altered, 77, 77)]
    [InlineData("update audit set ip = null where id = 1", ChainFault.Altered, 1, 1)]
    [InlineData("delete from audit where id = 77", ChainFault.Missing, 77, 77)]
    [InlineData("delete from audit where id between 77 and 80", ChainFault.Missing, 77, 80)]
    [InlineData("delete from audit where id = 1", ChainFault.Missing, 1, 1)]
    [InlineData("update audit set id = -1 where id = 77; update audit set id = 77 where id = 90; update audit set id = 90 where id = -1", ChainFault.Swapped, 77, 90)]
    [InlineData("update audit set id = -1 where id = 77; update audit set id = 77 where id = 78; update audit set id = 78 where id = -1", ChainFault.Swapped, 77, 78)]
    [InlineData("update audit set previous_hash = sha256('x') where id = 77", ChainFault.Altered, 77, 77)]
    [InlineData("delete from audit where id > 195", ChainFault.TailMissing, 196, 200)]
    [InlineData("truncate audit", ChainFault.TailMissing, 1, 200)]
    [InlineData("update audit_head set id = 195", ChainFault.BeyondHead, 196, 200)]
    [InlineData("update audit_head set hash = sha256('x')", ChainFault.HeadAltered, 200, 200)]
    [InlineData("delete from audit_head", ChainFault.HeadMissing, 201, 201)]
    public async Task Tampering_is_named_with_the_first_row_it_shows_in(string tampering, ChainFault fault, long first, long last)
    {
        await _database.TamperAsync(tampering);

        (await VerifyAsync()).Break.ShouldBe(new ChainBreak(fault, first, last));
        (await HandTrail.Check(_database).LastAsync(CancellationToken.None))!.Break.ShouldBe(new ChainBreak(fault, first, last));
    }

    [Fact]
    public async Task Row_hashed_anew_no_longer_leads_to_the_next()
    {
        await _database.TamperAsync("""
            update audit set actor = 'Nobody' where id = 77;
            update audit a set hash = audit_hash(a.id, a.at, a.actor, a.actor_id, a.role, a.action, a.resource, a.metadata, a.ip, a.session, a.previous_hash) where id = 77
            """);

        (await VerifyAsync()).Break.ShouldBe(new ChainBreak(ChainFault.Unlinked, 78, 78));
    }

    [Theory]
    [InlineData("delete from audit where id > 195; update audit_head set id = 195, hash = (select hash from audit where id = 195)")]
    [InlineData("update audit set actor = 'Nobody' where id = 100; " + HandTrail.HashAnew)]
    [InlineData("truncate audit; update audit_head set id = 0, hash = decode(repeat('00', 32), 'hex')")]
    public async Task Mended_head_is_found_by_the_verdict_of_an_earlier_check(string tampering)
    {
        (await VerifyAsync()).IsWhole.ShouldBeTrue();
        // What the check itself appended goes too.
        await _database.TamperAsync("delete from audit where id > 200; update audit_head set id = 200, hash = (select hash from audit where id = 200)");
        (await VerifyAsync()).IsWhole.ShouldBeTrue();

        await _database.TamperAsync(tampering);

        (await VerifyAsync()).Break.ShouldBe(new ChainBreak(ChainFault.Rewritten, 200, 200));
    }

    [Theory]
    [InlineData("update audit set actor = 'Nobody'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    [InlineData("insert into audit values (999, now(), 'Nobody', null, '', 'x', 'x', '{}', null, null, '', '')")]
    [InlineData("update audit_head set id = 0")]
    [InlineData("delete from audit_head")]
    [InlineData("truncate audit_head")]
    [InlineData("insert into audit_head default values")]
    [InlineData("update audit_verdicts set fault = null")]
    [InlineData("delete from audit_verdicts")]
    [InlineData("truncate audit_verdicts")]
    [InlineData("alter table audit disable trigger all")]
    [InlineData("drop trigger audit_append_only on audit")]
    public async Task Web_program_can_only_append(string sql)
    {
        await using var command = _database.Databases.Pages.CreateCommand(sql);

        var refusal = await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync);

        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("update audit set actor = 'Nobody'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    [InlineData("delete from audit_verdicts")]
    public async Task Even_the_owner_of_the_schema_is_stopped_by_the_trigger(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database.MigrationsConnectionString);
        await using var command = source.CreateCommand(sql);

        (await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync)).MessageText.ShouldBe("The audit trail is append only.");
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Operator)]
    [InlineData("")]
    public async Task Whoever_may_not_read_the_trail_may_not_verify_it(string role)
    {
        await Should.ThrowAsync<UnauthorizedAccessException>(() =>
            HandTrail.Check(_database).VerifyAsync(new Actor("Someone", 3, role), CancellationToken.None));

        (await HandTrail.Check(_database).LastAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Seventeen_thousand_rows_are_walked_within_a_few_seconds_and_name_the_row()
    {
        await _database.FillAsync(17_000 - Lines);
        await _database.TamperAsync("update audit set role = '' where id = 16000");
        var watch = Stopwatch.StartNew();

        var verdict = await VerifyAsync();

        verdict.Break.ShouldBe(new ChainBreak(ChainFault.Altered, 16_000, 16_000));
        verdict.Rows.ShouldBe(17_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.ElapsedMilliseconds} ms");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private Task<ChainVerdict> VerifyAsync() => HandTrail.Check(_database).VerifyAsync(HandTrail.Auditor, CancellationToken.None);
}
