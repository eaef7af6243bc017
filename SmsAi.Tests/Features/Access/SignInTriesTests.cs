using System.Net;
using SmsAi.Core.Features.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
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
    public void Email_nobody_has_is_counted_just_the_same()
    {
        var unknown = new UnknownTries(_time);

        Enumerable.Range(0, 6).Select(_ => unknown.Count("Nobody@example.org")?.Count).ShouldBe([4, 3, 2, 1, 0, null]);
        unknown.Count("NOBODY@example.org").ShouldBeNull();
        unknown.Count("else@example.org")!.Value.Count.ShouldBe(4);
        _time.Pass(TimeSpan.FromMinutes(15.1));
        unknown.Count("nobody@example.org")!.Value.Count.ShouldBe(4);
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

    private static async Task<long> MakeOperatorAsync(TestDatabase database) =>
        await database.ScalarAsync<long>("insert into operators (user_name, email, display_name) values ('a', 'a@example.org', 'A') returning id");
}
