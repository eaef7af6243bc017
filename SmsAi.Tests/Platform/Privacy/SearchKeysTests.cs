using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>One search key per month, the same for every replica, readable after the master key was replaced.</summary>
public sealed class SearchKeysTests
{
    [Fact]
    public async Task Month_has_one_key_however_many_ask_at_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var replicas = Enumerable.Range(0, 6).Select(_ => new SearchKeys(database.Databases.Road, TestKeys.Masters)).ToArray();

        var keys = await Task.WhenAll(replicas.Select((keys, day) => keys.GetOrCreateAsync(new DateOnly(2026, 3, day + 1), default).AsTask()));

        keys.Select(key => SearchTerms.ToVector("hello", key)).Distinct().Count().ShouldBe(1);
        keys[0].Month.ShouldBe(new DateOnly(2026, 3, 1));
        (await database.ListAsync<string>("select master_id from search_keys")).ShouldBe([TestKeys.Masters.CurrentId]);
    }

    [Fact]
    public async Task Living_keys_are_listed_newest_first()
    {
        await using var database = await TestDatabase.CreateAsync();
        var keys = new SearchKeys(database.Databases.Road, TestKeys.Masters);
        await keys.GetOrCreateAsync(new DateOnly(2026, 1, 31), default);
        await keys.GetOrCreateAsync(new DateOnly(2026, 3, 5), default);
        await keys.GetOrCreateAsync(new DateOnly(2026, 2, 28), default);

        (await keys.LivingAsync(default)).Select(key => key.Month.Month).ShouldBe([3, 2, 1]);
    }

    [Fact]
    public async Task Key_stays_readable_after_the_master_key_was_replaced()
    {
        await using var database = await TestDatabase.CreateAsync();
        var former = new MasterKeys(Convert.FromBase64String(TestKeys.FormerEncryption));
        var made = await new SearchKeys(database.Databases.Road, former).GetOrCreateAsync(new DateOnly(2026, 3, 1), default);

        var rotated = new MasterKeys(Convert.FromBase64String(TestKeys.Encryption), Convert.FromBase64String(TestKeys.FormerEncryption));
        var read = (await new SearchKeys(database.Databases.Road, rotated).LivingAsync(default)).ShouldHaveSingleItem();

        SearchTerms.ToVector("hello", read).ShouldBe(SearchTerms.ToVector("hello", made));
        await Should.ThrowAsync<UnknownMasterKeyException>(async () => await new SearchKeys(database.Databases.Road, TestKeys.Masters).LivingAsync(default));
    }

    [Fact]
    public async Task Key_moved_to_another_month_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        var keys = new SearchKeys(database.Databases.Road, TestKeys.Masters);
        await keys.GetOrCreateAsync(new DateOnly(2026, 3, 1), default);

        await database.ExecuteAsync("update search_keys set month = '2026-04-01'");

        await Should.ThrowAsync<CipherRefusedException>(async () => await keys.LivingAsync(default));
    }
}
