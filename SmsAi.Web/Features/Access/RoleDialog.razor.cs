using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Gives somebody another role.</summary>
public sealed partial class RoleDialog
{
    private string _role = "";
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public AccountLine Account { get; set; } = null!;

    /// <summary>Who looks is an owner herself.</summary>
    [Parameter] public bool MayOwner { get; set; }

    [Inject] public required AccessDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private string Article => _role is OperatorRoles.Viewer ? "a" : "an";

    public static async Task<bool> OpenAsync(DialogService dialogs, AccountLine account, bool mayOwner) => await dialogs.OpenAsync<RoleDialog>(
        $"The role of {account.Name}", new Dictionary<string, object?> { [nameof(Account)] = account, [nameof(MayOwner)] = mayOwner }, DialogShape.Small) is true;

    protected override void OnInitialized() => _role = Account.Role;

    private async Task SaveAsync()
    {
        if (_isWorking || _role == Account.Role) return;
        _isWorking = true;
        try
        {
            var outcome = AccountOutcome.Gone;
            if (!await StepUpDialog.GuardAsync(Dialogs, async () => outcome = await Desk.ChangeRoleAsync(Account.Id, new(_role, Account.Role), CancellationToken.None))) return;
            _fault = AccessWords.WhyNot(outcome);
            if (outcome == AccountOutcome.Done) Dialogs.Close(true);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing is changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is changed: only an admin changes roles.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
