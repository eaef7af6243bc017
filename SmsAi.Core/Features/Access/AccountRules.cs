using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Access;

/// <summary>What came of an act on an account.</summary>
public enum AccountOutcome
{
    Done,

    /// <summary>It was removed meanwhile.</summary>
    Gone,

    /// <summary>Somebody else gave it another role since it was seen.</summary>
    ChangedMeanwhile,

    /// <summary>Already as wanted.</summary>
    NothingToDo,

    /// <summary>Only an owner acts on owners, and makes them.</summary>
    OwnersOnly,

    /// <summary>Nobody raises, locks or removes herself.</summary>
    NotYourself,

    /// <summary>Without this owner nobody could make others.</summary>
    LastOwner,
}

/// <summary>Who may do what to whose account; asked inside the transaction that does it.</summary>
internal static class AccountRules
{
    /// <param name="ownersBeside">Owners who can sign in, this one not counted.</param>
    public static AccountOutcome OfRole(string actorRole, bool isSelf, string role, string wanted, long ownersBeside)
    {
        if (role == wanted) return AccountOutcome.NothingToDo;
        if (isSelf && Rank(wanted) < Rank(role)) return AccountOutcome.NotYourself;
        if (OfTouching(actorRole, role) is not AccountOutcome.Done || (wanted == OperatorRoles.Owner && actorRole != OperatorRoles.Owner))
            return AccountOutcome.OwnersOnly;
        return role == OperatorRoles.Owner && ownersBeside == 0 ? AccountOutcome.LastOwner : AccountOutcome.Done;
    }

    /// <summary>Locking and removing: whatever keeps somebody out.</summary>
    public static AccountOutcome OfShuttingOut(string actorRole, bool isSelf, string role, long ownersBeside)
    {
        if (isSelf) return AccountOutcome.NotYourself;
        if (OfTouching(actorRole, role) is not AccountOutcome.Done) return AccountOutcome.OwnersOnly;
        return role == OperatorRoles.Owner && ownersBeside == 0 ? AccountOutcome.LastOwner : AccountOutcome.Done;
    }

    public static AccountOutcome OfTouching(string actorRole, string role) =>
        role == OperatorRoles.Owner && actorRole != OperatorRoles.Owner ? AccountOutcome.OwnersOnly : AccountOutcome.Done;

    /// <summary>Smaller is mightier.</summary>
    private static int Rank(string role) => OperatorRoles.FromMightiest.Index().Where(known => known.Item == role).Select(known => known.Index).FirstOrDefault(int.MaxValue);
}
