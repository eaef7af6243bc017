using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;

namespace SmsAi.Web.Features.People;

/// <summary>One person's profile, limits and tasks.</summary>
public sealed class UserModel(PersonReader reader, PeopleList list)
{
    /// <summary>Null before the first reading, and when there is no such person.</summary>
    public PersonProfile? Person { get; private set; }

    public bool IsMissing { get; private set; }

    public IReadOnlyList<LimitLine> Limits { get; private set; } = [];

    public PersonTasks? Tasks { get; private set; }

    public IReadOnlyList<string> Tiers { get; private set; } = [];

    public async Task LoadAsync(long id, long? olderThan, CancellationToken cancel)
    {
        var person = await reader.ReadAsync(id, cancel);
        if (person is not null)
        {
            Limits = await reader.LimitsAsync(person, cancel);
            Tasks = await reader.TasksAsync(id, olderThan, cancel);
            Tiers = await list.TiersAsync(cancel);
        }

        (Person, IsMissing) = (person, person is null);
    }
}
