using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>The page of accounts that is asked for, and the invitations that are out.</summary>
public sealed class AccessModel(AccessDesk desk)
{
    public const int PageSize = 50;

    private int _loads;

    /// <summary>Null before the first reading.</summary>
    public AccountWindow? Window { get; private set; }

    public IReadOnlyList<InvitationLine> Invitations { get; private set; } = [];

    /// <summary>Whose screen this is.</summary>
    public long? Me { get; private set; }

    public async Task LoadAsync(AccessQuery query, CancellationToken cancel)
    {
        var load = ++_loads;
        var me = (await desk.MeAsync()).Id;
        var invitations = query.ShowsInvitations ? await desk.InvitationsAsync(cancel) : [];
        var window = query.ShowsAccounts ? await desk.PageAsync(query.ToFilter(), query.Place, PageSize, cancel) : new([], null, null, 0);
        // What was asked for meanwhile wins, however long its answer takes.
        if (load == _loads) (Me, Invitations, Window) = (me, [.. invitations.Where(query.Fits)], window);
    }
}
