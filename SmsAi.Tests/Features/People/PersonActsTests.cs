using System.Text;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.People;

/// <summary>Preferences, tags, billing id and notes of one person: who may change them, what the trail says, what two operators at once make of it.</summary>
public sealed class PersonActsTests : IAsyncLifetime
{
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Admin);
    private static readonly Actor Jonas = new("Jonas", 8, OperatorRoles.Operator);
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private PersonActs _acts = null!;
    private PersonNotes _notes = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _acts = new PersonActs(_database.Databases, _live);
        _notes = new PersonNotes(_database.Databases, new PersonKeys(TestKeys.Masters), _live);
        _person = await HandPerson.AddAsync(_database);
        var profile = PersonKey.Create();
        await _database.ExecuteAsync(
            "insert into user_keys (user_id, month, key_id, wrapped, master_id) values ($1, '1970-01-01', $2, $3, $4)",
            _person.Id, profile.Id, TestKeys.Masters.Wrap(profile), TestKeys.Masters.CurrentId);
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Preferences_are_saved_in_the_documents_shape_and_what_else_stood_there_stays()
    {
        await _database.ExecuteAsync("""update users set preferences = '{"newsletter": true, "notifications": {"push": 1}}'""");
        var wanted = new PersonPreferences
        {
            TimeZone = "America/Denver",
            Language = "de",
            Persona = "Explain for a beginner.",
            QuietFrom = 22,
            QuietUntil = 8,
            SmsNotices = false,
            AutoRetry = false,
        };

        var saved = await _acts.SavePreferencesAsync(_person.Id, PersonPreferences.None, wanted, Jonas, CancellationToken.None);

        saved.ShouldBe(new PreferencesSaved(null, null));
        (await _database.ScalarAsync<string>("select preferences::text from users")).ShouldBe(
            """{"features": {"auto_retry": false, "voice_assistant": false}, "language": "de", "newsletter": true, "notifications": {"sms": false, "push": 1, "email": false, "quiet_hours": {"end": 8, "start": 22}}}""");
        (await _database.ScalarAsync<string>("select timezone || ' v' || version from users")).ShouldBe("America/Denver v2");
        var line = await _database.ScalarAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || metadata from audit");
        line.ShouldBe($"Jonas user.preferences user:{_person.Id} " + """
            {"after": {"persona": "23 characters", "language": "de", "time_zone": "America/Denver", "auto_retry": false, "quiet_hours": "22:00 to 08:00", "sms_notices": false}, "before": {"persona": null, "language": null, "time_zone": "UTC", "auto_retry": true, "quiet_hours": null, "sms_notices": true}}
            """);
    }

    [Fact]
    public async Task Two_operators_editing_the_same_person_each_see_what_the_other_made()
    {
        var mine = PersonPreferences.None with { Language = "fr" };
        await _acts.SavePreferencesAsync(_person.Id, PersonPreferences.None, PersonPreferences.None with { Language = "de" }, Jonas, CancellationToken.None);

        var saved = await _acts.SavePreferencesAsync(_person.Id, PersonPreferences.None, mine, Mara, CancellationToken.None);

        saved.ShouldBe(new PreferencesSaved(PersonPreferences.None with { Language = "de" }, "Jonas"));
        (await _database.ScalarAsync<string>("select preferences ->> 'language' from users")).ShouldBe("de");
        (await _acts.SavePreferencesAsync(_person.Id, saved.Theirs!, mine, Mara, CancellationToken.None)).Theirs.ShouldBeNull("whoever has seen theirs may save");
        (await _database.ScalarAsync<string>("select preferences ->> 'language' from users")).ShouldBe("fr");
    }

    [Fact]
    public async Task Another_tier_meanwhile_is_no_conflict_of_preferences()
    {
        await _database.ExecuteAsync("update users set tier_id = 2, version = version + 1");

        (await _acts.SavePreferencesAsync(_person.Id, PersonPreferences.None, PersonPreferences.None with { Language = "it" }, Mara, CancellationToken.None)).Theirs.ShouldBeNull();

        (await _database.ScalarAsync<string>("select tier_id || ' ' || (preferences ->> 'language') from users")).ShouldBe("2 it");
    }

    [Theory]
    [InlineData("Mars/Phobos", 22, 8, nameof(PersonPreferences.TimeZone))]
    [InlineData("UTC", 8, 8, nameof(PersonPreferences.QuietFrom))]
    [InlineData("UTC", 8, null, nameof(PersonPreferences.QuietFrom))]
    [InlineData("UTC", 24, 8, nameof(PersonPreferences.QuietFrom))]
    public async Task What_makes_no_sense_is_refused_by_field(string zone, int? from, int? until, string field)
    {
        var wanted = PersonPreferences.None with { TimeZone = zone, QuietFrom = from, QuietUntil = until };

        PersonActs.FaultsOf(wanted).Keys.ShouldBe([field]);
        await Should.ThrowAsync<ArgumentException>(() => _acts.SavePreferencesAsync(_person.Id, PersonPreferences.None, wanted, Mara, CancellationToken.None));
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Fact]
    public async Task Tags_are_put_on_once_and_taken_off_and_the_trail_names_them()
    {
        (await _acts.TagAsync(_person.Id, "vip", true, Jonas, CancellationToken.None)).ShouldBeTrue();
        (await _acts.TagAsync(_person.Id, "vip", true, Jonas, CancellationToken.None)).ShouldBeFalse();
        (await _acts.TagAsync(_person.Id, "beta", true, Jonas, CancellationToken.None)).ShouldBeTrue();
        (await _acts.TagAsync(_person.Id, "vip", false, Jonas, CancellationToken.None)).ShouldBeTrue();

        (await _database.ScalarAsync<string[]>("select tags from users")).ShouldBe(["beta"]);
        (await _database.ListAsync<string>("select action || ' ' || metadata from audit order by id")).ShouldBe(
            [
                """user.tag {"tag": "vip", "after": {"tagged": true}, "before": {"tagged": false}}""",
                """user.tag {"tag": "beta", "after": {"tagged": true}, "before": {"tagged": false}}""",
                """user.untag {"tag": "vip", "after": {"tagged": false}, "before": {"tagged": true}}""",
            ]);
        await Should.ThrowAsync<ArgumentException>(() => _acts.TagAsync(_person.Id, "<script>", true, Jonas, CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(() => _acts.TagAsync(_person.Id, "4915123456789", true, Jonas, CancellationToken.None));
    }

    [Fact]
    public async Task Billing_id_changes_from_what_was_seen_and_never_reaches_the_trail()
    {
        (await _acts.SetBillingIdAsync(_person.Id, null, "cus_0142AX", Mara, CancellationToken.None)).ShouldBeTrue();
        (await _acts.SetBillingIdAsync(_person.Id, null, "cus_other", Mara, CancellationToken.None)).ShouldBeFalse("somebody set it meanwhile");

        (await _database.ScalarAsync<string>("select billing_customer_id from users")).ShouldBe("cus_0142AX");
        (await _database.ScalarAsync<string>("select metadata::text from audit")).ShouldBe("""{"after": {"billing": "set"}, "before": {"billing": "none"}}""");
    }

    [Fact]
    public async Task Note_is_encrypted_signed_edited_and_removed_and_the_trail_never_says_what_it_was()
    {
        const string Secret = "Called about the xylophone order";
        (await _notes.AddAsync(_person.Id, Secret, Jonas, CancellationToken.None)).ShouldBe(NoteOutcome.Done);
        var note = (await _notes.ReadAsync(_person.Id, Mara, CancellationToken.None)).ShouldHaveSingleItem();
        (note.Text, note.By, note.EditedBy).ShouldBe((Secret, "Jonas", null));

        (await _notes.ChangeAsync(_person.Id, note, "Wants xylophones back", Mara, CancellationToken.None)).ShouldBe(NoteOutcome.Done);
        (await _notes.ChangeAsync(_person.Id, note, "late", Jonas, CancellationToken.None)).ShouldBe(NoteOutcome.Conflict, "it was edited meanwhile");
        var edited = (await _notes.ReadAsync(_person.Id, Mara, CancellationToken.None)).ShouldHaveSingleItem();
        (edited.Text, edited.By, edited.EditedBy).ShouldBe(("Wants xylophones back", "Jonas", "Mara"));

        var kept = string.Join('\n', await _database.ListAsync<string>("select n::text from person_notes n")) + string.Join('\n', await _database.ListAsync<string>("select metadata::text from audit"));
        kept.ShouldNotContain("xylophone");
        kept.ShouldNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes("xylophone")), Case.Insensitive);

        (await _notes.RemoveAsync(_person.Id, edited, Jonas, CancellationToken.None)).ShouldBe(NoteOutcome.Done);
        (await _notes.ReadAsync(_person.Id, Mara, CancellationToken.None)).ShouldBeEmpty();
        (await _database.ListAsync<string>("select actor || ' ' || action from audit order by id")).ShouldBe(["Jonas note.add", "Mara note.change", "Jonas note.remove"]);
    }

    [Fact]
    public async Task Note_of_somebody_else_is_neither_changed_nor_removed_under_this_persons_id()
    {
        var other = await HandPerson.AddAsync(_database, "brave-heron-12", "68");
        var profile = PersonKey.Create();
        await _database.ExecuteAsync(
            "insert into user_keys (user_id, month, key_id, wrapped, master_id) values ($1, '1970-01-01', $2, $3, $4)",
            other.Id, profile.Id, TestKeys.Masters.Wrap(profile), TestKeys.Masters.CurrentId);
        await _notes.AddAsync(other.Id, "hers", Jonas, CancellationToken.None);
        var note = (await _notes.ReadAsync(other.Id, Mara, CancellationToken.None)).ShouldHaveSingleItem();

        (await _notes.ChangeAsync(_person.Id, note, "forged", Mara, CancellationToken.None)).ShouldBe(NoteOutcome.Conflict);
        (await _notes.RemoveAsync(_person.Id, note, Mara, CancellationToken.None)).ShouldBe(NoteOutcome.Conflict);

        (await _notes.ReadAsync(other.Id, Mara, CancellationToken.None)).ShouldHaveSingleItem().ShouldBe(note);
        (await _notes.ReadAsync(_person.Id, Mara, CancellationToken.None)).ShouldBeEmpty();
        (await _database.ListAsync<string>("select action || ' ' || resource from audit")).ShouldBe([$"note.add user:{other.Id}"]);
    }

    [Fact]
    public async Task Without_her_key_no_note_is_kept_or_read()
    {
        await _notes.AddAsync(_person.Id, "something", Jonas, CancellationToken.None);
        await _database.ExecuteAsync("delete from user_keys where month = '1970-01-01'");

        (await _notes.ReadAsync(_person.Id, Mara, CancellationToken.None)).ShouldBeEmpty();
        (await _notes.AddAsync(_person.Id, "more", Jonas, CancellationToken.None)).ShouldBe(NoteOutcome.NoKey);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData("")]
    public async Task Whoever_may_only_look_changes_nothing_and_reads_no_note(string role)
    {
        var somebody = Mara with { Role = role };

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.SavePreferencesAsync(_person.Id, PersonPreferences.None, new() { Language = "de" }, somebody, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.TagAsync(_person.Id, "vip", true, somebody, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _acts.SetBillingIdAsync(_person.Id, null, "cus", somebody, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _notes.AddAsync(_person.Id, "note", somebody, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _notes.ReadAsync(_person.Id, somebody, CancellationToken.None));

        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }
}
