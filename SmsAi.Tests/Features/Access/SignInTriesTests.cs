using System.Net;
using SmsAi.Core.Features.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>Five tries, then fifteen minutes; the same for accounts that exist and that don't.</summary>
public sealed class SignInTriesTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Fifth_try_locks_and_fifteen_minutes_open()
    {
        await using var database = await TestDatabase.CreateAsync();
        var id = await MakeOperatorAsync(database);
        var tries = new SignInTries(database.Databases, _time);

        var left = new List<int?>();
        for (var attempt = 0; attempt < 6; attempt++) left.Add((await tries.CountAsync(id, CancellationToken.None))?.Count);
        left.ShouldBe([4, 3, 2, 1, 0, null]);

        _time.Pass(TimeSpan.FromMinutes(14.9));
        (await tries.CountAsync(id, CancellationToken.None)).ShouldBeNull();
        _time.Pass(TimeSpan.FromMinutes(0.2));
        (await tries.CountAsync(id, CancellationToken.None))!.Value.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Many_tries_at_once_are_no_more_than_five()
    {
        await using var database = await TestDatabase.CreateAsync();
        var id = await MakeOperatorAsync(database);
        var tries = new SignInTries(database.Databases, _time);

        var looked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tries.CountAsync(id, CancellationToken.None)));

        looked.Count(left => left is not null).ShouldBe(5);
    }

    [Fact]
    public async Task Right_password_forgets_earlier_slips()
    {
        await using var database = await TestDatabase.CreateAsync();
        var id = await MakeOperatorAsync(database);
        var tries = new SignInTries(database.Databases, _time);
        for (var attempt = 0; attempt < 4; attempt++) await tries.CountAsync(id, CancellationToken.None);

        await tries.ForgetAsync(id, CancellationToken.None);

        (await tries.CountAsync(id, CancellationToken.None))!.Value.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Email_nobody_has_is_counted_just_the_same_whatever_replica_is_asked_and_is_not_written_down()
    {
        await using var database = await TestDatabase.CreateAsync();
        UnknownTries[] replicas = [Unknown(database), Unknown(database)];

        var left = new List<int?>();
        for (var attempt = 0; attempt < 6; attempt++) left.Add((await replicas[attempt % 2].CountAsync("Nobody@example.org", default))?.Count);
        left.ShouldBe([4, 3, 2, 1, 0, null]);
        (await replicas[0].CountAsync("NOBODY@example.org", default)).ShouldBeNull();
        (await replicas[0].CountAsync("else@example.org", default))!.Value.Count.ShouldBe(4);
        (await database.ScalarAsync<bool>("select bool_or(row_to_json(t)::text ilike '%nobody%' or email_hash = sha256('NOBODY@EXAMPLE.ORG')) from unknown_tries t")).ShouldBeFalse();

        _time.Pass(TimeSpan.FromMinutes(14.9));
        (await replicas[1].CountAsync("nobody@example.org", default)).ShouldBeNull();
        _time.Pass(TimeSpan.FromMinutes(0.2));
        (await replicas[1].CountAsync("nobody@example.org", default))!.Value.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Many_tries_at_once_for_an_email_nobody_has_are_no_more_than_five_either()
    {
        await using var database = await TestDatabase.CreateAsync();
        var unknown = Unknown(database);

        var looked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => unknown.CountAsync("nobody@example.org", default)));

        looked.Count(left => left is not null).ShouldBe(5);
    }

    [Fact]
    public async Task Emails_nobody_has_are_forgotten_after_a_week_by_the_tries_that_come_later()
    {
        await using var database = await TestDatabase.CreateAsync();
        var unknown = Unknown(database);
        await unknown.CountAsync("nobody@example.org", default);
        await unknown.CountAsync("else@example.org", default);
        _time.Pass(TimeSpan.FromDays(6));
        await unknown.CountAsync("else@example.org", default);
        _time.Pass(TimeSpan.FromDays(2));

        await unknown.CountAsync("third@example.org", default);

        (await database.ScalarAsync<long>("select count(*) from unknown_tries")).ShouldBe(2);
        (await unknown.CountAsync("else@example.org", default))!.Value.Count.ShouldBe(2);
        _time.Pass(TimeSpan.FromDays(8));
        (await unknown.CountAsync("else@example.org", default))!.Value.Count.ShouldBe(1, "the row of whoever tries is not taken from under her");
    }

    [Fact]
    public void Address_that_keeps_failing_waits_and_others_do_not()
    {
        var throttle = new AddressThrottle(_time);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            throttle.WaitFor(IPAddress.Parse("2001:db8::1")).ShouldBeNull();
            throttle.NoteFailure(IPAddress.Parse($"2001:db8::{attempt:x}"));
        }

        throttle.WaitFor(IPAddress.Parse("2001:db8::ffff")).ShouldBe(TimeSpan.FromMinutes(15));
        throttle.WaitFor(IPAddress.Parse("203.0.113.7")).ShouldBeNull();
        _time.Pass(TimeSpan.FromMinutes(15.1));
        throttle.WaitFor(IPAddress.Parse("2001:db8::1")).ShouldBeNull();
    }

    [Fact]
    public void Addresses_beyond_ten_thousand_wait_together_until_there_are_entries_again()
    {
        var throttle = new AddressThrottle(_time);
        for (var n = 0; n < 10_000; n++) throttle.NoteFailure(new IPAddress(n + 1));
        for (var n = 0; n < 20; n++) throttle.NoteFailure(new IPAddress(20_000 + n));

        throttle.WaitFor(IPAddress.Parse("203.0.113.7")).ShouldBe(TimeSpan.FromMinutes(15));
        throttle.WaitFor(new IPAddress(1)).ShouldBeNull("it has an entry of its own, with one failure");

        _time.Pass(TimeSpan.FromMinutes(15));
        throttle.WaitFor(IPAddress.Parse("203.0.113.7")).ShouldBeNull();
        for (var n = 0; n < 20; n++) throttle.NoteFailure(IPAddress.Parse("203.0.113.7"));
        throttle.WaitFor(IPAddress.Parse("203.0.113.7")).ShouldNotBeNull();
        throttle.WaitFor(IPAddress.Parse("203.0.113.8")).ShouldBeNull();
    }

    private UnknownTries Unknown(TestDatabase database) => new(database.Databases, TestKeys.Hasher, _time);

    private static async Task<long> MakeOperatorAsync(TestDatabase database) =>
        await database.ScalarAsync<long>("insert into operators (user_name, email, display_name) values ('a', 'a@example.org', 'A') returning id");
}
