using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;

namespace SmsAi.Web.Features.People;

/// <summary>One person's profile, and what the open tab shows.</summary>
public sealed class UserModel(PersonReader reader, PeopleList list)
{
    /// <summary>Null before the first reading, and when there is no such person.</summary>
    public PersonProfile? Person { get; private set; }

    public bool IsMissing { get; private set; }

    public IReadOnlyList<LimitLine> Limits { get; private set; } = [];

    public PersonTasks? Tasks { get; private set; }

    public IReadOnlyList<string> Tiers { get; private set; } = [];

    public IReadOnlyList<PersonError>? Errors { get; private set; }

    public IReadOnlyList<ConsentChange>? ConsentChanges { get; private set; }

    public async Task LoadAsync(long id, UserTab tab, long? olderThan, CancellationToken cancel)
    {
        var person = await reader.ReadAsync(id, cancel);
        if (person is not null)
        {
            await LoadTabAsync(person, tab, olderThan, cancel);
            Tiers = await list.TiersAsync(cancel);
        }

        (Person, IsMissing) = (person, person is null);
    }

    private async Task LoadTabAsync(PersonProfile person, UserTab tab, long? olderThan, CancellationToken cancel)
    {
        switch (tab.Name)
        {
            case UserTab.Overview:
                Limits = await reader.LimitsAsync(person, cancel);
                Tasks = await reader.TasksAsync(person.Line.Id, null, cancel);
                break;
            case UserTab.Tasks:
                Tasks = await reader.TasksAsync(person.Line.Id, olderThan, cancel);
                break;
            case UserTab.Errors:
                Errors = await reader.ErrorsAsync(person.Line.Id, cancel);
                break;
            case UserTab.Consent:
                ConsentChanges = await reader.ConsentChangesAsync(person.Line.Id, cancel);
                break;
        }
    }
}
