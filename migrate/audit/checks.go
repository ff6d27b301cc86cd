package audit

// Checks lists every check, in the order in which they run. The last one tells
// what the others could not judge.
func Checks() []Check {
	return []Check{
		databaseSingle, loadBalancerSingle, webSingle, sessionStoreSingle, searchSingle, mediaStoreSingle, pairOnOneHost,
		clusterWithoutHA, clusterWithoutDRS, clusterNoSpareHost, sessionsOnWeb, schedulerOnSeveral, noRecoverySite,
		cpuCampaign, memoryCampaign, cpuOvercommit, memoryOvercommit, diskNearlyFull, campaignErrors, accessEvents,
		overProvisioned, idleServer, zombieVM, poweredOff, orphanVM,
		backupMissing, backupStale, snapshotOld, mediaOnWebDisk, mediaOnDatabaseDisk,
		diskIndependent, diskShared, diskRaw, diskLarge, changeRate,
		hardwareVersionUnsupported, hardwareVersionOld, os32Bit, toolsNotRunning, adapterOld,
		businessServiceOnShopServer, environmentsMixed, environmentsShareNetwork,
		osEndOfLife, softwareEndOfLife, hypervisorEndOfLife, licenceOracle, licenceMicrosoft,
		adminPortInternet, clearTextAdmin, databaseFromDMZ, replicationBetweenSites, dnsSingle, timeSingle,
		duplicateAddress, duplicateUUID, addressMissing, dependencyOutside,
		ownerUnknown, monitoringMissing, flowsMissing, contradictions,
		notJudged,
	}
}
