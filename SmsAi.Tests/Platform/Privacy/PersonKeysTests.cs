using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Keys are read while their rows live, and not a moment longer.</summary>
public sealed class PersonKeysTests
{
    [Fact]
    public async Task Living_keys_decrypt_what_they_wrote()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (anna, ben) = (await KeepAsync(database, 1), await KeepAsync(database, 2));
        var cipher = ben.Encrypt("hello", "messages.body", 7);

        var keys = await LoadAsync(database, new PersonKeys(TestKeys.Masters), anna.Id, ben.Id, ben.Id, Guid.NewGuid());

        keys.Count.ShouldBe(2);
        keys[ben.Id].Decrypt(cipher, "messages.body", 7).ShouldBe("hello");
    }

    [Fact]
    public async Task Erased_persons_key_stops_working_at_once_though_it_was_in_use()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (anna, ben) = (await KeepAsync(database, 1), await KeepAsync(database, 2));
        var keys = new PersonKeys(TestKeys.Masters);
        (await LoadAsync(database, keys, anna.Id, ben.Id)).Count.ShouldBe(2);

        await database.ExecuteAsync("delete from users where id = 1");

        (await LoadAsync(database, keys, anna.Id, ben.Id)).Keys.ShouldBe([ben.Id]);
    }

    [Fact]
    public async Task Repeated_reading_asks_only_whether_the_row_exists()
    {
        await using var database = await TestDatabase.CreateAsync();
        var key = await KeepAsync(database, 1);
        var keys = new PersonKeys(TestKeys.Masters);
        var first = await LoadAsync(database, keys, key.Id);

        // Unreadable now: whoever unwraps it again is refused.
        await database.ExecuteAsync("update user_keys set wrapped = '\\x00'");

        (await LoadAsync(database, keys, key.Id))[key.Id].ShouldBeSameAs(first[key.Id]);
        await Should.ThrowAsync<CipherRefusedException>(() => LoadAsync(database, new PersonKeys(TestKeys.Masters), key.Id));
    }

    [Fact]
    public async Task No_ids_need_no_query()
    {
        await using var closed = new Npgsql.NpgsqlConnection();

        (await new PersonKeys(TestKeys.Masters).LoadAsync(closed, [], default)).ShouldBeEmpty();
    }

    [Fact]
    public void Cache_forgets_what_was_used_longest_ago()
    {
        var cache = new PersonKeyCache(capacity: 2);
        var (first, second, third) = (PersonKey.Create(), PersonKey.Create(), PersonKey.Create());
        cache.Add(first);
        cache.Add(second);
        cache.Find(first.Id).ShouldBeSameAs(first);
        cache.Add(third);

        cache.Count.ShouldBe(2);
        cache.Find(second.Id).ShouldBeNull();
        cache.Find(first.Id).ShouldBeSameAs(first);
        cache.Find(third.Id).ShouldBeSameAs(third);
    }

    private static async Task<PersonKey> KeepAsync(TestDatabase database, long userId)
    {
        var key = PersonKey.Create();
        await database.ExecuteAsync("insert into users (id, phone_hash, alias) values ($1, $2, $3)",
            userId, TestKeys.Hasher.Hash($"+4915100000{userId}"), $"person {userId}");
        await database.ExecuteAsync("insert into user_keys (user_id, month, key_id, wrapped, master_id) values ($1, '2026-03-01', $2, $3, $4)",
            userId, key.Id, TestKeys.Masters.Wrap(key), TestKeys.Masters.CurrentId);
        return key;
    }

    private static async Task<IReadOnlyDictionary<Guid, PersonKey>> LoadAsync(TestDatabase database, PersonKeys keys, params Guid[] ids)
    {
        await using var connection = await database.Databases.Pages.OpenConnectionAsync();
        return await keys.LoadAsync(connection, ids, default);
    }
}
